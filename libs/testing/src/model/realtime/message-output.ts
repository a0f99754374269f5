import type { RealtimeAudioFormats } from 'openai/resources/realtime/realtime';
import { BYTES_PER_MS } from '../../speech/mulaw.js';
import { newModelId } from '../identifiers.js';
import { fromMuLaw } from './audio-format.js';
import type { Entry } from './conversation.js';
import type { ResponseHost, ResponseRun } from './response-run.js';

/** The first piece is small, as the hosted model sends its voice the moment it has any. */
const FIRST_CHUNK_MS = 100;
const CHUNK_MS = 300;
const WORDS_PER_TEXT_DELTA = 4;

/** One message of the assistant on its way out: speech with its transcript, or text. */
export class MessageOutput {
  readonly entry: Entry;
  deliveredMs = 0;
  private deliveredWords = 0;
  private closed = false;
  private readonly words: readonly string[];
  private readonly ids: {
    readonly response_id: string;
    readonly item_id: string;
    readonly output_index: number;
  };
  private readonly base: {
    readonly id: string;
    readonly object: 'realtime.item';
    readonly type: 'message';
    readonly role: 'assistant';
  };

  constructor(
    private readonly run: ResponseRun,
    private readonly host: ResponseHost,
    readonly outputIndex: number,
    text: string,
    private readonly audio: Uint8Array | undefined,
    private readonly format: RealtimeAudioFormats | undefined,
  ) {
    this.base = { id: newModelId('item'), object: 'realtime.item', type: 'message', role: 'assistant' };
    this.ids = { response_id: run.id, item_id: this.base.id, output_index: outputIndex };
    this.words = text.split(/(?<=\s)/u);
    this.entry = {
      item: { ...this.base, status: 'in_progress', content: [] },
      said: '',
      ...(audio ? { audioMs: 0 } : {}),
    };
  }

  deliver(speed: number, later: (delayMs: number, run: () => void) => void, done: () => void): void {
    this.host.send({
      type: 'response.output_item.added',
      response_id: this.ids.response_id,
      output_index: this.outputIndex,
      item: this.entry.item,
    });
    this.run.addItem(this.entry);
    const part = this.audio
      ? ({ type: 'audio', transcript: '' } as const)
      : ({ type: 'text', text: '' } as const);
    this.host.send({ type: 'response.content_part.added', ...this.ids, content_index: 0, part });
    const next = (): void => {
      const tookMs = this.audio ? this.sendSound(this.audio) : this.sendText();
      if (tookMs === 0) {
        this.close('completed');
        done();
      } else {
        later(tookMs / speed, next);
      }
    };
    next();
  }

  /** Ends in the middle: what went out stays, and is marked incomplete. */
  cut(): void {
    if (!this.closed) this.close('incomplete');
  }

  private sendSound(audio: Uint8Array): number {
    const from = this.deliveredMs * BYTES_PER_MS;
    const to = Math.min(audio.length, from + (from === 0 ? FIRST_CHUNK_MS : CHUNK_MS) * BYTES_PER_MS);
    if (from >= to) return 0;
    this.sendWords(Math.ceil((this.words.length * to) / audio.length));
    const delta = fromMuLaw(audio.subarray(from, to), this.format).toString('base64');
    this.host.send({ type: 'response.output_audio.delta', ...this.ids, content_index: 0, delta });
    this.deliveredMs = to / BYTES_PER_MS;
    this.entry.audioMs = this.deliveredMs;
    return (to - from) / BYTES_PER_MS;
  }

  private sendText(): number {
    if (this.deliveredWords >= this.words.length) return 0;
    this.sendWords(this.deliveredWords + WORDS_PER_TEXT_DELTA);
    return CHUNK_MS;
  }

  private sendWords(upTo: number): void {
    const delta = this.words.slice(this.deliveredWords, upTo).join('');
    if (!delta) return;
    this.deliveredWords = Math.min(this.words.length, upTo);
    this.entry.said = this.words.slice(0, this.deliveredWords).join('');
    const type = this.audio ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    this.host.send({ type, ...this.ids, content_index: 0, delta });
  }

  private close(status: 'completed' | 'incomplete'): void {
    this.closed = true;
    const at = { ...this.ids, content_index: 0 };
    const text = this.entry.said ?? '';
    if (this.audio) {
      this.host.send({ type: 'response.output_audio.done', ...at });
      this.host.send({ type: 'response.output_audio_transcript.done', ...at, transcript: text });
      this.host.send({
        type: 'response.content_part.done',
        ...at,
        part: { type: 'audio', transcript: text },
      });
    } else {
      this.host.send({ type: 'response.output_text.done', ...at, text });
      this.host.send({ type: 'response.content_part.done', ...at, part: { type: 'text', text } });
    }
    const content = this.audio
      ? { type: 'output_audio' as const, transcript: text }
      : { type: 'output_text' as const, text };
    this.entry.item = { ...this.base, status, content: [content] };
    if (!this.run.plan.outOfBand) this.host.send({ type: 'conversation.item.done', item: this.entry.item });
    this.host.send({
      type: 'response.output_item.done',
      response_id: this.ids.response_id,
      output_index: this.outputIndex,
      item: this.entry.item,
    });
  }
}
