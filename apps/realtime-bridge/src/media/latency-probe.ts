import { msOf } from '../domain/audio-format.js';

export interface MeasuredTurn {
  readonly turn: number;
  /** End of the caller's turn declared -> first audio of the answer leaves us. */
  readonly firstByteMs: number;
  /** Caller's last speech -> the answer is heard; 0 when no mark came back. */
  readonly heardGapMs: number;
  /** A fixed phrase was said while the answer was made; the figures are the answer's own. */
  readonly filler?: true;
}

/** What was measured is told apart from what was not, which is 0 on the wire. */
const measuredMs = (ms: number): number => Math.max(1, Math.round(ms));

interface OpenTurn {
  readonly turn: number;
  readonly declaredAtMs: number;
  readonly lastSpeechAtMs: number;
  /** What we were saying when the caller's turn ended; its rest is no answer to it. */
  readonly unfinishedItemId: string | undefined;
  filler?: true;
  firstByteMs?: number;
  mark?: string;
  markedMs?: number;
}

/**
 * The three clocks of a call, all from monotonic time and never mixed: handshake (webhook received -> stream and model both
 * ready), first byte and heard gap per turn. Fed by: the media stream, the model's session, the speaker.
 */
export class LatencyProbe {
  private startedAtMs: number | undefined;
  private modelReadyAtMs: number | undefined;
  private firstGreetingAtMs: number | undefined;
  private open: OpenTurn | undefined;
  private awaitingMark: OpenTurn | undefined;
  private lastItemId: string | undefined;
  private readonly measured: MeasuredTurn[];
  private turn: number;

  constructor(
    private readonly reservedAtMs: number,
    private readonly webhookAgeMs: number,
    private readonly onTurn: (turn: MeasuredTurn) => void = () => undefined,
    /** Those of the conversation's earlier streams. */
    earlierTurns: readonly MeasuredTurn[] = [],
  ) {
    this.measured = [...earlierTurns];
    this.turn = earlierTurns.at(-1)?.turn ?? 0;
  }

  streamStarted(nowMs: number): void {
    this.startedAtMs ??= nowMs;
  }

  modelReady(nowMs: number): void {
    this.modelReadyAtMs ??= nowMs;
  }

  /** The caller's turn has been declared over. */
  turnEnded(declaredAtMs: number, lastSpeechAtMs: number): void {
    this.finish(this.awaitingMark);
    this.turn += 1;
    this.open = { turn: this.turn, declaredAtMs, lastSpeechAtMs, unfinishedItemId: this.lastItemId };
  }

  /** The caller went on speaking: there is no answer to measure. */
  turnOverruled(): void {
    this.open = undefined;
  }

  /** Something was said to fill the wait for the answer. */
  waitWasFilled(): void {
    if (this.open) this.open.filler = true;
  }

  /** A piece of an item has left for the phone. */
  sent(itemId: string, mark: string, bytes: number, nowMs: number): void {
    if (this.startedAtMs !== undefined) this.firstGreetingAtMs ??= nowMs;
    this.lastItemId = itemId;
    if (!this.open || itemId === this.open.unfinishedItemId) return;
    const turn = { ...this.open, firstByteMs: nowMs - this.open.declaredAtMs, mark, markedMs: msOf(bytes) };
    this.open = undefined;
    this.awaitingMark = turn;
  }

  /** A mark has proved its piece heard, which one that a clear gives back does not: the answer began one piece earlier. */
  heard(mark: string, nowMs: number): void {
    const turn = this.awaitingMark;
    if (turn?.mark !== mark) return;
    this.finish(turn, nowMs - (turn.markedMs ?? 0) - turn.lastSpeechAtMs);
  }

  /** The call is over: turns whose mark never came are kept without a heard gap. */
  close(): void {
    this.finish(this.awaitingMark);
  }

  get turns(): readonly MeasuredTurn[] {
    return this.measured;
  }

  get turnsDeclared(): number {
    return this.turn;
  }

  get handshakeMs(): number {
    if (this.startedAtMs === undefined || this.modelReadyAtMs === undefined) return 0;
    return measuredMs(
      Math.max(this.startedAtMs, this.modelReadyAtMs) - this.reservedAtMs + this.webhookAgeMs,
    );
  }

  get modelConnectMs(): number {
    return this.modelReadyAtMs === undefined ? 0 : Math.round(this.modelReadyAtMs - this.reservedAtMs);
  }

  /** 0 when there was none; one that was prepared leaves within the same millisecond. */
  get greetingMs(): number {
    return this.firstGreetingAtMs === undefined || this.startedAtMs === undefined
      ? 0
      : measuredMs(this.firstGreetingAtMs - this.startedAtMs);
  }

  private finish(turn: OpenTurn | undefined, heardGapMs?: number): void {
    this.awaitingMark = undefined;
    if (turn?.firstByteMs === undefined) return;
    const measured = {
      turn: turn.turn,
      firstByteMs: Math.round(turn.firstByteMs),
      heardGapMs: heardGapMs === undefined ? 0 : measuredMs(heardGapMs),
      ...(turn.filler && { filler: turn.filler }),
    };
    this.measured.push(measured);
    this.onTurn(measured);
  }
}
