import { serialize } from 'node:v8';
import { BYTES_PER_MS } from '../src/domain/audio-format.js';
import { type Cut, PlaybackLedger } from '../src/domain/playback-ledger.js';
import { PacedSpeaker, PIECE_CHARS, SEND_AHEAD_MS } from '../src/media/paced-speaker.js';
import { PhonePlayoutModel, type SentPiece } from './phone-playout-model.js';
import { SeededNumbers } from './seeded-numbers.js';
import { SteppedClock } from './stepped-clock.js';

const PIECE_MS = (PIECE_CHARS * 3) / 4 / BYTES_PER_MS;
const MAX_LOST_ECHOES = 3;
/** More than any item has; items begin at different places of it, so that no two sound the same. */
const SOUND_BYTES = 1 << 18;
const sound = new SeededNumbers(1);
const SOUND = Buffer.from(Uint32Array.from({ length: SOUND_BYTES / 4 }, () => sound.below(2 ** 32)).buffer);

export interface PlayedItem {
  readonly id: string;
  readonly soundFrom: number;
  saidBytes: number;
  sentBytes: number;
  /** Where the model counts what it makes of it now, and where its first sound was. */
  part: number;
  firstPart: number | undefined;
  whole: boolean;
  state: 'spoken' | 'heard' | 'cut';
  /** By the clock it was over when the caller spoke, though the last of it may have been on its way. */
  overByClock: boolean;
}

interface Sent {
  readonly mark: string;
  readonly piece: SentPiece;
}

/** Everything that a value holds in lists, maps and sets: what grows when memory does. */
export const entriesWithin = (value: unknown, seen = new Set<unknown>()): number => {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (value instanceof Map || value instanceof Set) {
    const inner = [...value.values()].map((entry: unknown) => entriesWithin(entry, seen));
    return inner.reduce((sum, entries) => sum + entries, value.size);
  }
  const inner = Object.values(value).map((entry: unknown) => entriesWithin(entry, seen));
  return inner.reduce((sum, entries) => sum + entries, Array.isArray(value) ? value.length : 0);
};

/**
 * Ledger and speaker between a model that says anything at any time and a phone network that takes its time. Each step is
 * checked against what the phone has really played.
 */
export class PlaybackWorld {
  readonly steps: string[] = [];
  readonly clock = new SteppedClock();
  readonly ledger = new PlaybackLedger();
  readonly speaker: PacedSpeaker;
  readonly phone: PhonePlayoutModel;
  readonly items: PlayedItem[] = [];
  savesMessages = false;
  private audio = Buffer.alloc(0);
  /** What an echo can still prove, oldest first. */
  private unproven: Sent[] = [];
  private readonly proven = new Map<string, number>();
  /** When a phone without any delay would have played all that was sent. */
  private idealEndMs = 0;
  private clears = 0;
  private held = 0;
  private markOfPiece = '';

  constructor(readonly numbers: SeededNumbers) {
    const [downMs, upMs, jitterMs] = [numbers.below(200), numbers.below(200), 1 + numbers.below(150)];
    const loses = numbers.once(3);
    this.phone = new PhonePlayoutModel({
      downMs: () => downMs + numbers.below(jitterMs),
      upMs: () => upMs + numbers.below(jitterMs),
      losesEcho: () => loses && this.phone.echoesLost < MAX_LOST_ECHOES && numbers.once(4),
    });
    this.speaker = new PacedSpeaker(
      this.ledger,
      this.clock,
      {
        media: (audio) => (this.audio = Buffer.from(audio, 'base64')),
        mark: (name) => this.leaves(name),
        clear: () => {
          this.clears += 1;
          this.phone.clear(this.nowMs);
        },
        hold: () => (this.held += 1),
        release: () => (this.held -= 1),
      },
      {
        onSent: (itemId, mark, bytes) => this.sent(itemId, mark, bytes),
        onMarksMissing: () => this.marksMissing(),
        isBusy: () => this.savesMessages,
      },
    );
  }

  get nowMs(): number {
    return this.clock.nowMs();
  }

  begin(): PlayedItem {
    const id = `item_${this.items.length}`;
    const item: PlayedItem = {
      id,
      soundFrom: this.numbers.below(SOUND_BYTES / 2),
      saidBytes: 0,
      sentBytes: 0,
      part: 0,
      firstPart: undefined,
      whole: false,
      state: 'spoken',
      overByClock: false,
    };
    this.items.push(item);
    return item;
  }

  /** The model makes more of an item, be it cut or not. */
  say(item: PlayedItem, bytes: number): void {
    const from = item.soundFrom + item.saidBytes;
    const audio = SOUND.subarray(from, from + bytes).toString('base64');
    if (item.state !== 'cut') item.saidBytes += bytes;
    if (bytes > 0) item.firstPart ??= item.part;
    const sent = item.sentBytes;
    const accepted = this.speaker.say(item.id, item.part, audio);
    this.expect(accepted === (item.state !== 'cut' || bytes === 0), `${item.id} is accepted: ${accepted}`);
    if (item.state === 'cut') this.expect(item.sentBytes === sent, `${item.id} was cut and goes on`);
  }

  complete(item: PlayedItem): void {
    item.whole = true;
    this.ledger.whole(item.id);
    this.takeHeard();
  }

  /** The caller speaks. */
  stop(): void {
    const { nowMs, phone } = this;
    phone.runTo(nowMs);
    const clears = this.clears;
    const mustClear = phone.unplayedBytes > 0;
    const cuts = new Map(this.speaker.stop().map((cut) => [cut.itemId, cut]));
    if (mustClear) this.expect(this.clears === clears + 1, 'what the phone still has is not cleared');
    for (const item of this.items) this.judge(item, cuts.get(item.id));
    this.unproven = [];
    this.idealEndMs = nowMs;
    this.expect(this.speaker.isQuiet && this.speaker.remainingMs === 0, 'it goes on after the stop');
    this.takeHeard();
    this.expect(!this.ledger.hasUnheardSpeech, 'something is unheard after all was cut');
  }

  /** Time passes and everything happens when it is due. */
  pass(ms: number): void {
    this.live(this.nowMs + ms, true);
  }

  /** The process is busy with something else: what falls due meanwhile happens late. */
  stall(ms: number): void {
    const endMs = this.nowMs + ms;
    this.clock.moveTo(endMs);
    this.live(endMs, false);
  }

  /** The model says no more; everything is played and echoed, or given up. */
  finish(): void {
    this.steps.push('finish');
    for (const item of this.items) if (item.state === 'spoken' && item.saidBytes > 0) this.complete(item);
    for (let waited = 0; !this.isOver && waited < 2_000; waited += 1) this.pass(100);
    const { ledger, speaker, clock, phone } = this;
    this.expect(phone.isIdle && clock.pending === 0, `${clock.pending} timers are left`);
    this.expect(speaker.isQuiet && speaker.remainingMs === 0, 'the speaker is not quiet');
    this.expect(!ledger.hasOutstandingMarks && ledger.aheadMs(this.nowMs) === 0, 'marks are outstanding');
    this.expect(!ledger.hasUnheardSpeech, 'speech is unheard');
    for (const item of this.items)
      if (item.state !== 'cut' && !item.overByClock)
        this.expect(phone.playedBytes(item.id) === item.saidBytes, `${item.id} was not played whole`);
    const cut = this.items.filter(({ state }) => state === 'cut').length;
    this.expect(entriesWithin(ledger) === cut, `${entriesWithin(ledger)} entries are kept, ${cut} were cut`);
    this.expect(entriesWithin(speaker) <= cut, 'the speaker keeps something');
    this.expect(this.held === 0, 'a write is held back');
  }

  /** Throws with everything that is needed to see it again. */
  expect(holds: boolean, otherwise: string): void {
    if (holds) return;
    throw new Error(
      `${otherwise} (seed ${this.numbers.seed}, at ${this.nowMs} ms, after step ${this.steps.length})\n${this.steps.filter((step) => !step.endsWith('-')).join('\n')}`,
    );
  }

  private get isOver(): boolean {
    return this.phone.isIdle && this.clock.pending === 0;
  }

  private live(endMs: number, inTime: boolean): void {
    for (;;) {
      // The ear lives on while we are late; what it says afterwards cannot come before that.
      const nextMs = Math.min(this.clock.nextDueMs, this.nextEchoAtMs(endMs));
      if (nextMs > endMs) break;
      if (inTime) this.clock.moveTo(nextMs);
      this.phone.runTo(this.nowMs);
      if (this.phone.nextEchoAtMs <= nextMs) this.hearEcho();
      else this.clock.runNext();
    }
    this.clock.moveTo(endMs);
    this.phone.runTo(endMs);
  }

  /** The phone runs ahead of our clock only as far as nothing of ours can still reach it. */
  private nextEchoAtMs(endMs: number): number {
    this.phone.runTo(Math.min(endMs, Math.max(this.nowMs, this.clock.nextDueMs)));
    return this.phone.nextEchoAtMs;
  }

  private hearEcho(): void {
    const mark = this.phone.takeEcho(this.nowMs);
    const index = this.unproven.findIndex((sent) => sent.mark === mark);
    const before = index < 0 ? serialize(this.ledger) : undefined;
    for (const { piece } of this.unproven.splice(0, index + 1))
      this.proven.set(piece.itemId, (this.proven.get(piece.itemId) ?? 0) + piece.bytes);
    const meaning = this.speaker.echoed(mark);
    this.expect(meaning === (index < 0 ? 'cleared' : 'played'), `${mark} is taken for ${meaning}`);
    if (before) this.expect(serialize(this.ledger).equals(before), `${mark}, long over, changes the ledger`);
    else this.takeHeard();
  }

  private leaves(mark: string): void {
    this.idealEndMs = Math.max(this.idealEndMs, this.nowMs) + this.audio.length / BYTES_PER_MS;
    const aheadMs = this.idealEndMs - this.nowMs;
    this.expect(aheadMs <= SEND_AHEAD_MS + PIECE_MS, `${aheadMs} ms are ahead of the caller's ear`);
    this.expect(this.held === 1, 'a piece leaves in a write of its own');
    this.markOfPiece = mark;
  }

  private sent(itemId: string, mark: string, bytes: number): void {
    const item = this.items.find(({ id }) => id === itemId);
    const { audio } = this;
    if (!item || item.state === 'cut') return this.expect(false, `${itemId} was cut and is sent`);
    this.expect(mark === this.markOfPiece && bytes === audio.length, 'a piece without its own mark');
    const from = item.soundFrom + item.sentBytes;
    this.expect(audio.equals(SOUND.subarray(from, from + bytes)), `${itemId} is sent out of order`);
    item.sentBytes += bytes;
    this.unproven.push({ mark, piece: this.phone.media(itemId, bytes, this.nowMs) });
    this.phone.mark(mark, this.nowMs);
  }

  private marksMissing(): void {
    this.phone.runTo(this.nowMs);
    this.expect(this.phone.unplayedBytes === 0, 'what is still being played is taken for heard');
    for (const { piece } of this.unproven.splice(0))
      this.proven.set(piece.itemId, (this.proven.get(piece.itemId) ?? 0) + piece.bytes);
    this.takeHeard();
  }

  /** As a call does: an item that was heard to its end is told and forgotten. */
  private takeHeard(): void {
    for (const item of this.items) {
      if (item.state !== 'spoken' || !this.ledger.heardWhole(item.id)) continue;
      item.state = 'heard';
      this.ledger.forget(item.id);
    }
  }

  /**
   * What a cut claims of an item. It may be too much by what the oldest unproven piece spent on its way to the phone, but
   * never beyond that piece's mark; and too little by what the echoes spend on their way back.
   */
  private judge(item: PlayedItem, cut: Cut | undefined): void {
    if (item.state !== 'spoken' || item.saidBytes === 0)
      return this.expect(cut === undefined, `${item.id} is cut again`);
    const { nowMs, phone } = this;
    const heard = phone.playedBytes(item.id);
    const oldest = this.unproven[0]?.piece;
    const early =
      oldest?.itemId === item.id ? Math.min(oldest.bytes, (oldest.arrivesAtMs - oldest.sentAtMs) * 8) : 0;
    const claimed = cut ? cut.heardMs * BYTES_PER_MS : item.saidBytes;
    this.expect(claimed <= heard + early, `${item.id}: ${claimed} claimed, ${heard} heard, ${early} early`);
    item.overByClock = cut === undefined;
    if (!cut) return this.expect(item.whole, `${item.id} is unfinished and not cut`);
    item.state = 'cut';
    this.expect(cut.existingMs === Math.floor(item.saidBytes / BYTES_PER_MS), `${cut.existingMs} ms exist`);
    this.expect(cut.contentIndex === item.firstPart, `${item.id} is cut in part ${cut.contentIndex}`);
    this.expect(cut.heardMs <= cut.existingMs, `${cut.heardMs} ms heard of ${cut.existingMs}`);
    // Less than a millisecond is lost by rounding down.
    const claimedAtMost = claimed + BYTES_PER_MS - 1;
    this.expect(claimedAtMost >= (this.proven.get(item.id) ?? 0), `${item.id}: less than was proved`);
    const late = phone.longestEchoMs(nowMs) * BYTES_PER_MS;
    if (phone.echoesLost === 0)
      this.expect(
        claimedAtMost + late >= heard,
        `${item.id}: ${claimed} claimed, ${heard} heard, ${late} late`,
      );
  }
}
