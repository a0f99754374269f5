import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  MAX_STREAM_MESSAGE_CHARS,
  SIGNATURE_HEADER,
  streamUrlOf,
  verifyHandshakeSignature,
} from '@tradeline/twilio';
import type { ConversationSnapshots, PenTaken } from '../../domain/conversation-snapshots.js';
import type { Reservation, Reservations } from '../../domain/reservations.js';
import { acceptWebSocket, asksForWebSocket } from '../../media/web-socket/accept.js';
import { streamRefused } from '../../telemetry.js';
import type { CallsInHand } from './calls-in-hand.js';

export interface StreamDoorSettings {
  readonly instance: string;
  /** STREAM_PUBLIC_URL or PUBLIC_URL: what Twilio was told, and therefore what it signed. */
  readonly publicUrl: string;
  readonly twilioAuthToken: string;
}

const BAD_REQUEST = '400 Bad Request';
const FORBIDDEN = '403 Forbidden';
const NOT_FOUND = '404 Not Found';
const CONFLICT = '409 Conflict';

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Lets media streams in: `/streams/<instance>/<reservation>`, signed by Twilio, one stream for each reservation. */
export class StreamDoor {
  constructor(
    private readonly settings: StreamDoorSettings,
    private readonly reservations: Reservations,
    private readonly calls: CallsInHand,
    private readonly snapshots: ConversationSnapshots,
  ) {}

  guard(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      this.admit(request, socket, head);
    });
  }

  private admit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { instance, publicUrl, twilioAuthToken } = this.settings;
    const path = request.url ?? '/';
    const signature = request.headers[SIGNATURE_HEADER];
    const url = streamUrlOf(publicUrl, path);
    if (
      typeof signature !== 'string' ||
      !verifyHandshakeSignature({ authToken: twilioAuthToken, signature, url })
    ) {
      streamRefused('bad_signature');
      return refuse(socket, FORBIDDEN);
    }
    if (!asksForWebSocket(request)) {
      streamRefused('no_websocket');
      return refuse(socket, BAD_REQUEST);
    }
    const prefix = `/streams/${instance}/`;
    const claim = path.startsWith(prefix)
      ? this.reservations.claim(path.slice(prefix.length))
      : ({ kind: 'unknown' } as const);
    if (claim.kind !== 'claimed') {
      streamRefused(claim.kind === 'taken' ? 'reservation_taken' : 'reservation_unknown');
      return refuse(socket, claim.kind === 'taken' ? CONFLICT : NOT_FOUND);
    }
    const { reservation } = claim;
    let upgraded = false;
    // A peer that is gone before the handshake's end must not keep the place.
    socket.once('close', () => upgraded || this.reservations.giveBack(reservation.id));
    void this.penFor(reservation).then((pen) => {
      if (socket.destroyed) return;
      if (pen === 'over') {
        streamRefused('conversation_over', reservation);
        return refuse(socket, CONFLICT);
      }
      upgraded = true;
      const stream = acceptWebSocket(request, socket, head, MAX_STREAM_MESSAGE_CHARS);
      this.calls.take(stream, reservation, pen);
    });
  }

  /** Where there is a past it is looked at again: since the reservation its bridge may have written, or another may have been asked to go on. */
  private async penFor({ pen, conversationId }: Reservation): Promise<PenTaken> {
    const taken = await pen;
    return taken === 'over' || (taken.isCertain && !taken.earlier)
      ? taken
      : this.snapshots.take(conversationId);
  }
}
