import { Arrivals } from '../wire/arrivals.ts';
import type { Delays } from '../wire/delays.ts';
import {
  FRAME_BYTES,
  KINDS,
  MARKER_BYTES,
  prebuiltAudio,
  readMarker,
  writeMarker,
  type Marker,
} from '../wire/marker.ts';
import { nowUs } from '../wire/monotonic.ts';
import { openPeer, type Peer } from '../wire/web-socket.ts';
import type { Place } from './messages.ts';

const FRAME_US = 20_000;
const OPEN_WITHIN_MS = 15_000;
const BYTES_PER_US = 8 / 1000;
const PAYLOAD_KEY = Buffer.from('"payload":"', 'latin1');
const NAME_KEY = Buffer.from('"name":"', 'latin1');
const QUOTE = 0x22;
const MEDIA = '{"event":"media"';
const MARK = '{"event":"mark"';
const CLEAR = '{"event":"clear"';

const marker: Marker = { kind: KINDS.caller, call: 0, sequence: 0, sentUs: 0 };
const decoded = Buffer.allocUnsafe(1 << 20);
const head = Buffer.allocUnsafe(MARKER_BYTES);
/** All of a frame behind its marker, as base64. */
const TAIL = prebuiltAudio(1).toString('base64', MARKER_BYTES, FRAME_BYTES);

/** What all calls of a process count together. */
export interface Tally {
  readonly fromModel: Delays;
  readonly greetingsMs: number[];
  readonly clears: [call: number, atUs: number][];
  readonly reasons: Set<string>;
  failed: number;
  dropped: number;
  unreadable: number;
  messagesIn: number;
  messagesOut: number;
  inWindow(atUs: number): boolean;
}

/** One call as Twilio plays it: a frame every 20 ms, marks echoed when the audio before them has been heard, or was cleared. */
export class PhoneCall {
  readonly call: number;
  readonly callSid: string;
  readonly arrivals: Arrivals;
  sentFrames = 0;
  hungUpUs = 0;
  private readonly streamSid: string;
  private readonly tally: Tally;
  private peer: Peer | undefined;
  private sequence = 0;
  private startedUs = 0;
  private nextFrameUs = Infinity;
  private greeted = false;
  private leaving = false;
  private playedUntilUs = 0;
  private readonly marks: { readonly name: string; readonly dueUs: number }[] = [];

  constructor(call: number, tally: Tally) {
    const serial = call.toString(16).padStart(32, '0');
    this.call = call;
    this.callSid = `CA${serial}`;
    this.streamSid = `MZ${serial}`;
    this.arrivals = new Arrivals(call);
    this.tally = tally;
  }

  async open({ url, headers, parameters }: Place): Promise<void> {
    if (this.leaving) return;
    try {
      const hooks = { text: (payload: Buffer) => this.hear(payload), closed: () => this.closed() };
      this.peer = await openPeer(url, headers, hooks, OPEN_WITHIN_MS);
    } catch (error) {
      return this.fail(error instanceof Error ? error.message : String(error));
    }
    this.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    const start = {
      streamSid: this.streamSid,
      accountSid: `AC${'0'.repeat(32)}`,
      callSid: this.callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: parameters,
    };
    this.sequence += 1;
    this.send(
      JSON.stringify({
        event: 'start',
        sequenceNumber: String(this.sequence),
        start,
        streamSid: this.streamSid,
      }),
    );
    this.startedUs = nowUs();
    this.nextFrameUs = this.startedUs + FRAME_US;
  }

  fail(why: string): void {
    this.tally.failed += 1;
    this.tally.reasons.add(why);
  }

  tick(atUs: number): void {
    while (atUs >= this.nextFrameUs) {
      this.nextFrameUs += FRAME_US;
      this.speak();
    }
    while (this.marks[0] && this.marks[0].dueUs <= atUs) this.echo(this.marks.shift()?.name ?? '');
  }

  /** The caller says no more; what is on its way still arrives. */
  fallSilent(): void {
    this.nextFrameUs = Infinity;
  }

  hangUp(): void {
    this.leaving = true;
    this.hungUpUs ||= nowUs();
    this.sequence += 1;
    const stop = { accountSid: `AC${'0'.repeat(32)}`, callSid: this.callSid };
    this.send(
      JSON.stringify({
        event: 'stop',
        sequenceNumber: String(this.sequence),
        stop,
        streamSid: this.streamSid,
      }),
    );
    this.peer?.close();
  }

  private speak(): void {
    marker.kind = KINDS.caller;
    marker.call = this.call;
    marker.sequence = this.sentFrames;
    marker.sentUs = nowUs();
    writeMarker(head, 0, marker);
    this.sequence += 1;
    this.sentFrames += 1;
    const timestamp = this.sentFrames * 20;
    this.send(
      `{"event":"media","sequenceNumber":"${this.sequence}","media":{"track":"inbound","chunk":"${this.sentFrames}",` +
        `"timestamp":"${timestamp}","payload":"${head.toString('base64')}${TAIL}"},"streamSid":"${this.streamSid}"}`,
    );
  }

  private send(text: string): void {
    if (this.tally.inWindow(nowUs())) this.tally.messagesOut += 1;
    this.peer?.send(text);
  }

  private hear(payload: Buffer): void {
    const atUs = nowUs();
    if (this.tally.inWindow(atUs)) this.tally.messagesIn += 1;
    const beginning = payload.toString('latin1', 0, 16);
    if (beginning.startsWith(MEDIA)) this.hearMedia(payload, atUs);
    else if (beginning.startsWith(MARK)) this.marked(payload, atUs);
    else if (beginning.startsWith(CLEAR)) this.clear(atUs);
    else this.tally.unreadable += 1;
  }

  private hearMedia(payload: Buffer, atUs: number): void {
    if (!this.greeted) {
      this.greeted = true;
      this.tally.greetingsMs.push((atUs - this.startedUs) / 1000);
    }
    const start = payload.indexOf(PAYLOAD_KEY) + PAYLOAD_KEY.length;
    const bytes = decoded.write(payload.toString('latin1', start, payload.indexOf(QUOTE, start)), 'base64');
    this.playedUntilUs = Math.max(this.playedUntilUs, atUs) + bytes / BYTES_PER_US;
    for (let offset = 0; offset < bytes; offset += FRAME_BYTES) {
      // What carries no marker was not made by this round's model: a greeting played from memory, or a system's own sounds.
      if (!readMarker(decoded, offset, marker)) this.tally.unreadable += 1;
      else if (marker.kind === KINDS.answer && marker.call === this.call) {
        this.arrivals.take(marker.sequence);
        if (this.tally.inWindow(marker.sentUs)) this.tally.fromModel.add(atUs - marker.sentUs);
      }
    }
  }

  private marked(payload: Buffer, atUs: number): void {
    const start = payload.indexOf(NAME_KEY) + NAME_KEY.length;
    const name = payload.toString('latin1', start, payload.indexOf(QUOTE, start));
    this.marks.push({ name, dueUs: Math.max(atUs, this.playedUntilUs) });
  }

  private clear(atUs: number): void {
    this.tally.clears.push([this.call, atUs]);
    this.playedUntilUs = atUs;
    for (const { name } of this.marks.splice(0)) this.echo(name);
  }

  private echo(name: string): void {
    this.sequence += 1;
    this.send(
      `{"event":"mark","sequenceNumber":"${this.sequence}","streamSid":"${this.streamSid}","mark":{"name":"${name}"}}`,
    );
  }

  private closed(): void {
    this.nextFrameUs = Infinity;
    if (this.leaving) return;
    this.leaving = true;
    this.hungUpUs = nowUs();
    this.tally.dropped += 1;
    this.tally.reasons.add('the stream was closed in the middle of the call');
  }
}
