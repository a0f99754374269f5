import { BYTES_PER_MS } from '../src/domain/audio-format.js';

/** One direction of the network: whatever enters it comes out later, and in the order in which it went in. */
class Wire<T> {
  readonly travelling: { readonly thing: T; readonly sentAtMs: number; readonly arrivesAtMs: number }[] = [];
  private lastArrivalMs = 0;

  send(thing: T, nowMs: number, delayMs: number): number {
    this.lastArrivalMs = Math.max(this.lastArrivalMs, nowMs + delayMs);
    this.travelling.push({ thing, sentAtMs: nowMs, arrivesAtMs: this.lastArrivalMs });
    return this.lastArrivalMs;
  }
}

export interface SentPiece {
  readonly itemId: string;
  readonly bytes: number;
  readonly sentAtMs: number;
  arrivesAtMs: number;
}

type Command =
  | { readonly kind: 'media'; readonly piece: SentPiece }
  | { readonly kind: 'mark'; readonly name: string }
  | { readonly kind: 'clear' };

export interface NetworkDelays {
  /** Drawn anew for everything that is sent. */
  downMs(): number;
  upMs(): number;
  /** Whether an echo never comes back. */
  losesEcho(): boolean;
}

/**
 * A phone network and the caller's ear, as plain as can be: audio is played at 8 bytes a millisecond in the order in which it
 * arrived, a mark is echoed when it is reached, and a clear drops what waits and echoes its marks at once. It knows nothing of
 * how the bridge keeps its books.
 */
export class PhonePlayoutModel {
  private readonly down = new Wire<Command>();
  private readonly up = new Wire<string>();
  private readonly buffer: Exclude<Command, { kind: 'clear' }>[] = [];
  private headPlayedBytes = 0;
  private nowMs = 0;
  private readonly played = new Map<string, number>();
  private longestUpMs = 0;
  echoesLost = 0;

  constructor(private readonly delays: NetworkDelays) {}

  media(itemId: string, bytes: number, nowMs: number): SentPiece {
    const piece: SentPiece = { itemId, bytes, sentAtMs: nowMs, arrivesAtMs: nowMs };
    piece.arrivesAtMs = this.down.send({ kind: 'media', piece }, nowMs, this.delays.downMs());
    return piece;
  }

  mark(name: string, nowMs: number): void {
    this.down.send({ kind: 'mark', name }, nowMs, this.delays.downMs());
  }

  clear(nowMs: number): void {
    this.down.send({ kind: 'clear' }, nowMs, this.delays.downMs());
  }

  /** Lets the network and the ear live up to that moment. */
  runTo(endMs: number): void {
    for (;;) {
      const next = this.down.travelling[0];
      const untilMs = Math.min(endMs, next?.arrivesAtMs ?? endMs);
      this.playTo(untilMs);
      if (!next || next.arrivesAtMs > endMs) return;
      this.down.travelling.shift();
      this.arrive(next.thing);
    }
  }

  /** When the next echo reaches the bridge. */
  get nextEchoAtMs(): number {
    return this.up.travelling[0]?.arrivesAtMs ?? Infinity;
  }

  /** Takes the echo that has reached the bridge. */
  takeEcho(nowMs: number): string {
    const echo = this.up.travelling.shift();
    if (!echo) throw new Error('no echo has come');
    this.longestUpMs = Math.max(this.longestUpMs, nowMs - echo.sentAtMs);
    return echo.thing;
  }

  playedBytes(itemId: string): number {
    return this.played.get(itemId) ?? 0;
  }

  /** The longest that an echo has been on its way, those included that still are. */
  longestEchoMs(nowMs: number): number {
    return Math.max(this.longestUpMs, ...this.up.travelling.map(({ sentAtMs }) => nowMs - sentAtMs));
  }

  /** Audio on its way to the ear; what a clear that is on its way will drop does not count. */
  get unplayedBytes(): number {
    let bytes = -this.headPlayedBytes;
    for (const entry of this.buffer) if (entry.kind === 'media') bytes += entry.piece.bytes;
    for (const { thing } of this.down.travelling) {
      if (thing.kind === 'clear') bytes = 0;
      else if (thing.kind === 'media') bytes += thing.piece.bytes;
    }
    return bytes;
  }

  get isIdle(): boolean {
    return this.buffer.length + this.down.travelling.length + this.up.travelling.length === 0;
  }

  private playTo(untilMs: number): void {
    for (let head = this.buffer[0]; head; head = this.buffer[0]) {
      if (head.kind === 'mark') {
        this.echo(head.name);
      } else {
        const { itemId, bytes } = head.piece;
        const now = Math.min(bytes - this.headPlayedBytes, (untilMs - this.nowMs) * BYTES_PER_MS);
        this.played.set(itemId, this.playedBytes(itemId) + now);
        this.headPlayedBytes += now;
        this.nowMs += now / BYTES_PER_MS;
        if (this.headPlayedBytes < bytes) break;
        this.headPlayedBytes = 0;
      }
      this.buffer.shift();
    }
    this.nowMs = untilMs;
  }

  private arrive(command: Command): void {
    if (command.kind !== 'clear') {
      this.buffer.push(command);
      // A mark behind nothing is echoed at once.
      this.playTo(this.nowMs);
      return;
    }
    this.headPlayedBytes = 0;
    for (const dropped of this.buffer.splice(0)) if (dropped.kind === 'mark') this.echo(dropped.name);
  }

  private echo(name: string): void {
    if (this.delays.losesEcho()) this.echoesLost += 1;
    else this.up.send(name, this.nowMs, this.delays.upMs());
  }
}
