import { type FakeClock, rmsOfMuLaw } from '@tradeline/testing';
import type { ModelMessage, ScriptedSession } from './scripted-model.js';

/** What the model does when it is its turn: it speaks, or it only calls tools and is asked to speak afterwards. */
export interface Move {
  readonly say?: string;
  readonly tools?: readonly object[];
  /** From the end of the caller's turn, or from the order, to the first audio or call. */
  readonly afterMs: number;
}

export type Voice = (text: string) => Promise<Uint8Array>;

const FRAME_MS = 20;
const LOUD_RMS = 400;
const LOUD_FRAMES_OF_SPEECH = 3;
const PREFIX_PADDING_MS = 300;
const SILENCE_DURATION_MS = 450;
const DELTA_BYTES = 800;
/** Four times as fast as it is heard. */
const DELTA_EVERY_MS = 25;
const GREETING_AFTER_MS = 200;
const TRANSCRIPTION_MS = 350;

/** A model with ears and a mouth, on the test's clock: hears turns in the audio that reaches it, and does what is next in its list. */
export class ListeningModel {
  private read = 0;
  private inputMs = 0;
  private loudFrames = 0;
  private lastLoudMs = 0;
  private turnEndedMs = 0;
  private speaking: string | undefined;
  private serial = 0;
  private cancelled = false;
  private readonly sentences: string[] = [];
  /** How many messages it has said, and how many it has heard. */
  said = 0;
  /** When it declared each of the caller's turns over. */
  readonly declaredAtMs: number[] = [];

  constructor(
    private readonly session: ScriptedSession,
    private readonly clock: FakeClock,
    private readonly voice: Voice,
    private readonly moves: Move[],
  ) {}

  /** What the caller says next; understood when it has been heard. */
  expect(sentence: string): void {
    this.sentences.push(sentence);
  }

  get traffic(): number {
    return this.said + this.read;
  }

  /** Hears what has come in since the last time. */
  listen(): void {
    for (const message of this.session.received.slice(this.read)) {
      this.read += 1;
      if (message.type === 'input_audio_buffer.append')
        this.hear(Buffer.from(String(message['audio']), 'base64'));
      else if (message.type === 'response.create') this.obey(message);
      else if (message.type === 'response.cancel') this.cancelled = true;
    }
  }

  private hear(frame: Uint8Array): void {
    this.inputMs += FRAME_MS;
    const loud = rmsOfMuLaw(frame) >= LOUD_RMS;
    this.loudFrames = loud ? this.loudFrames + 1 : 0;
    if (loud) this.lastLoudMs = this.inputMs;
    if (this.speaking === undefined && this.loudFrames >= LOUD_FRAMES_OF_SPEECH) this.callerStarts();
    else if (this.speaking !== undefined && this.inputMs - this.lastLoudMs >= SILENCE_DURATION_MS)
      this.callerStops(this.speaking);
  }

  private callerStarts(): void {
    this.serial += 1;
    this.speaking = `caller_${this.serial}`;
    const firstLoudMs = this.inputMs - this.loudFrames * FRAME_MS;
    this.say(() =>
      this.session.callerSpeaks(
        `caller_${this.serial}`,
        Math.max(this.turnEndedMs, firstLoudMs - PREFIX_PADDING_MS),
      ),
    );
  }

  private callerStops(itemId: string): void {
    this.speaking = undefined;
    this.turnEndedMs = this.inputMs;
    this.declaredAtMs.push(this.clock.nowMs());
    const sentence = this.sentences.shift() ?? '';
    this.say(() => this.session.callerPauses(itemId, this.inputMs));
    this.clock.after(TRANSCRIPTION_MS, () => this.say(() => this.session.transcribe(itemId, sentence)));
    this.next();
  }

  private obey({ response, event_id }: ModelMessage): void {
    const { instructions = '' } = (response ?? {}) as { instructions?: string };
    const greeting = /^Greet the caller: "(.*)"$/.exec(instructions)?.[1];
    if (greeting === undefined) this.next(String(event_id));
    else this.answer({ say: greeting, afterMs: GREETING_AFTER_MS }, String(event_id));
  }

  private next(orderId?: string): void {
    const move = this.moves.shift();
    if (move) this.answer(move, orderId);
  }

  private answer(move: Move, orderId?: string): void {
    this.serial += 1;
    const responseId = `response_${this.serial}`;
    this.cancelled = false;
    this.say(() => this.session.begin(responseId, orderId));
    if (move.say !== undefined) {
      const { say: text, afterMs } = move;
      void this.voice(text).then((audio) => this.after(afterMs, () => this.speak(responseId, text, audio)));
    } else this.after(move.afterMs, () => this.session.end(responseId, move.tools ?? []));
  }

  private speak(responseId: string, text: string, audio: Uint8Array, from = 0): void {
    const itemId = `item_of_${responseId}`;
    if (this.cancelled) return this.session.end(responseId, [], 'cancelled');
    this.session.speak(responseId, itemId, audio.subarray(from, from + DELTA_BYTES), from === 0 ? text : '');
    if (from + DELTA_BYTES < audio.length)
      return this.after(DELTA_EVERY_MS, () => this.speak(responseId, text, audio, from + DELTA_BYTES));
    this.session.completeItem(responseId, itemId, text);
    this.session.end(responseId);
  }

  private after(delayMs: number, run: () => void): void {
    this.clock.after(delayMs, () => this.say(run));
  }

  private say(run: () => void): void {
    this.said += 1;
    run();
  }
}
