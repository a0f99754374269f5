import {
  MarkFrame,
  MediaFrame,
  parseAnyStreamMessage,
  StreamCommands,
  type StreamMessage,
  type StreamStart,
} from '@tradeline/twilio';
import type { Clock } from '../../domain/clock.js';
import type { PhoneOutput } from '../../media/paced-speaker.js';
import { SocketPressure } from '../../media/socket-pressure.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { StreamOrder, type StreamStep } from '../../media/stream-order.js';
import { CloseCode } from '../../media/web-socket/protocol.js';
import { type TextSocket, type TextSocketListener, textOf } from '../../media/web-socket/text-socket.js';

/** Twilio sends `start` right behind the handshake. */
export const START_TIMEOUT_MS = 5_000;
/** A phone line sends a frame every 20 ms, a muted one may pause; this long without any message is a dead one. */
export const IDLE_TIMEOUT_MS = 20_000;
/** A peer that does not answer our close frame is cut. */
const CLOSE_TIMEOUT_MS = 2_000;
/** The peer meant to leave. */
const ORDERLY_CLOSES: ReadonlySet<number> = new Set([CloseCode.normal, CloseCode.goingAway, CloseCode.none]);
/** The peer broke the WebSocket's own protocol. */
const FAULTS: ReadonlyMap<number, string> = new Map([
  [CloseCode.tooBig, 'stream_too_large'],
  [CloseCode.protocolError, 'stream_bad_frame'],
  [CloseCode.invalidText, 'stream_bad_frame'],
]);

export interface PhoneListener {
  started(start: StreamStart): void;
  /** `atMs` is when it came in, by our monotonic clock. */
  media(payload: string, timestampMs: number, atMs: number): void;
  mark(name: string): void;
  /** A key of the phone's: a digit, "*" or "#". */
  digit(key: string): void;
  /** The caller hung up. */
  stopped(): void;
  /** The stream is of no use any more; a stable word says why. */
  broken(fault: string): void;
}

/** One media stream's socket: reads it by the protocol, writes to it, and watches that its peer lives and reads. */
export class PhoneLine implements PhoneOutput, TextSocketListener {
  private readonly order = new StreamOrder();
  private readonly frame = new MediaFrame();
  private readonly markFrame = new MarkFrame();
  private readonly pressure: SocketPressure;
  private commands = new StreamCommands('');
  private lastHeardAtMs: number;
  private open = true;
  private isGone = false;
  private cancelTimer: () => void;

  constructor(
    private readonly socket: TextSocket,
    private readonly clock: Clock,
    private readonly counters: StreamCounters,
    private readonly listener: PhoneListener,
  ) {
    this.lastHeardAtMs = clock.nowMs();
    this.pressure = new SocketPressure(
      () => this.socket.bufferedBytes,
      () => this.break('stream_not_reading'),
    );
    this.cancelTimer = clock.after(START_TIMEOUT_MS, () => this.break('stream_never_started'));
    socket.listen(this);
  }

  media(audio: string): void {
    this.write(this.commands.media(audio));
  }

  mark(name: string): void {
    this.write(this.commands.mark(name));
  }

  clear(): void {
    this.write(this.commands.clear());
  }

  hold(): void {
    this.socket.hold();
  }

  release(): void {
    this.socket.release();
  }

  /** Hangs up our end, so that the phone network goes on with what follows the stream. */
  close(fault?: string): void {
    this.open = false;
    this.cancelTimer();
    if (this.isGone) return;
    this.socket.close(fault === undefined ? CloseCode.normal : CloseCode.policyViolation, fault);
    this.cancelTimer = this.clock.after(CLOSE_TIMEOUT_MS, () => this.socket.terminate());
  }

  text(data: Buffer, from: number, to: number): void {
    if (!this.open) return;
    const nowMs = this.clock.nowMs();
    this.lastHeardAtMs = nowMs;
    this.counters.messagesIn += 1;
    const { frame, markFrame } = this;
    // What these two know is ASCII throughout, so it need not be read as UTF-8 first.
    const raw = data.toString('latin1', from, to);
    if (!frame.read(raw))
      return markFrame.read(raw) ? this.takeMark(markFrame) : this.readAny(textOf(data, from, to));
    const objection = this.order.acceptMedia(frame);
    if (objection) this.take(objection);
    else this.listener.media(frame.payload, frame.timestampMs, nowMs);
  }

  binary(): void {
    if (this.open) this.take(this.order.accept(parseAnyStreamMessage(undefined)));
  }

  closed(code: number): void {
    this.isGone = true;
    if (!this.open) return this.cancelTimer();
    if (ORDERLY_CLOSES.has(code)) this.hangUp();
    else this.break(FAULTS.get(code) ?? 'stream_cut');
  }

  private write(message: string): void {
    if (!this.open) return;
    this.counters.messagesOut += 1;
    this.socket.sendAscii(message);
    this.pressure.watch();
  }

  private takeMark({ sequence, streamSid, markName: name }: MarkFrame): void {
    this.take(this.order.accept({ event: 'mark', sequence, streamSid, name }));
  }

  private readAny(text: string | undefined): void {
    if (text === undefined) this.break('stream_bad_frame');
    else this.take(this.order.accept(parseAnyStreamMessage(text)));
  }

  private take(step: StreamStep): void {
    if (step.kind === 'message') this.pass(step.message);
    else if (step.kind === 'fault') this.break(step.fault);
    else if (step.unknown) this.counters.unknownEvents += 1;
  }

  private pass(message: StreamMessage): void {
    switch (message.event) {
      case 'connected':
        return;
      case 'start':
        this.commands = new StreamCommands(message.streamSid);
        this.cancelTimer();
        this.watchForLife(IDLE_TIMEOUT_MS);
        return this.listener.started(message);
      case 'media':
        return this.listener.media(message.payload, message.timestampMs, this.lastHeardAtMs);
      case 'mark':
        return this.listener.mark(message.name);
      case 'dtmf':
        return this.listener.digit(message.digit);
      case 'stop':
        return this.hangUp();
    }
  }

  private hangUp(): void {
    if (!this.open) return;
    this.open = false;
    this.cancelTimer();
    this.listener.stopped();
  }

  /** Looks again when the time-out would be over, instead of setting a timer for every frame. */
  private watchForLife(delayMs: number): void {
    this.cancelTimer = this.clock.after(delayMs, () => {
      const silentMs = this.clock.nowMs() - this.lastHeardAtMs;
      if (silentMs >= IDLE_TIMEOUT_MS) this.break('stream_stalled');
      else this.watchForLife(IDLE_TIMEOUT_MS - silentMs);
    });
  }

  private break(fault: string): void {
    if (!this.open) return;
    this.open = false;
    this.cancelTimer();
    this.listener.broken(fault);
  }
}
