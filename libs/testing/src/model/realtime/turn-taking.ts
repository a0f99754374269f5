import type { RealtimeAudioInputTurnDetection } from 'openai/resources/realtime/realtime';
import { BYTES_PER_MS } from '../../speech/mulaw.js';
import type { Recognition } from '../../speech/phrase-book.js';
import { newModelId } from '../identifiers.js';
import type { Entry } from './conversation.js';
import type { InputAudioListener } from './input-audio.js';
import type { RealtimeSession } from './session.js';

/** Turns what the input buffer notices into the caller's turns and the answers to them. */
export class TurnTaking implements InputAudioListener {
  private itemId = newModelId('item');
  /** On the audio clock: since when nobody speaks; undefined while somebody does or nothing was said yet. */
  private quietSinceMs: number | undefined;

  constructor(private readonly session: RealtimeSession) {}

  speechStarted(audioStartMs: number): void {
    this.itemId = newModelId('item');
    this.quietSinceMs = undefined;
    this.session.send({
      type: 'input_audio_buffer.speech_started',
      audio_start_ms: Math.round(audioStartMs),
      item_id: this.itemId,
    });
    if (this.detection?.interrupt_response !== false) this.session.responses.interrupt();
  }

  speechStopped(audioEndMs: number, audio: Uint8Array): void {
    this.session.send({
      type: 'input_audio_buffer.speech_stopped',
      audio_end_ms: Math.round(audioEndMs),
      item_id: this.itemId,
    });
    this.commit(audio);
    if (this.detection?.create_response !== false) this.session.answer();
  }

  clockMoved(audioMs: number): void {
    const { detection } = this;
    if (detection?.type !== 'server_vad' || !detection.idle_timeout_ms || this.session.input.speaking) return;
    if (this.session.responses.busy || this.quietSinceMs === undefined) return;
    if (audioMs - this.quietSinceMs < detection.idle_timeout_ms) return;
    const startMs = this.quietSinceMs;
    this.quietSinceMs = undefined;
    const itemId = newModelId('item');
    this.session.send({
      type: 'input_audio_buffer.timeout_triggered',
      audio_start_ms: Math.round(startMs),
      audio_end_ms: Math.round(audioMs),
      item_id: itemId,
    });
    this.itemId = itemId;
    this.commit(new Uint8Array());
    this.session.answer();
  }

  /** The idle time counts from the end of a response's playback, which is when its audio has lasted. */
  responseOver(audioMs: number): void {
    if (!this.session.input.speaking) this.quietSinceMs = this.session.input.audioMs + audioMs;
  }

  /** Makes the audio a turn of the caller; its transcript follows on its own time. */
  commit(audio: Uint8Array): void {
    const recognition = this.understand(audio);
    const entry: Entry = {
      item: {
        id: this.itemId,
        object: 'realtime.item',
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_audio', transcript: '' }],
      },
      heard: recognition.text,
      audioMs: audio.length / BYTES_PER_MS,
    };
    const previous = this.session.conversation.list().at(-1)?.item.id ?? null;
    this.session.send({
      type: 'input_audio_buffer.committed',
      previous_item_id: previous,
      item_id: this.itemId,
    });
    this.session.append(entry);
    if (this.session.config.audio.input.transcription) this.transcribe(entry, recognition);
    this.itemId = newModelId('item');
  }

  understand(audio: Uint8Array): Recognition {
    const recognition = this.session.world.phraseBook.recognise(audio);
    if (audio.length > 0)
      this.session.record.heard.push({ text: recognition.text, exact: recognition.exact });
    return recognition;
  }

  private transcribe(entry: Entry, { text }: Recognition): void {
    this.session.after(this.session.world.delays.transcriptionMs, () => {
      const at = { item_id: entry.item.id, content_index: 0 };
      if (this.session.world.faults.take('transcription-failed')) {
        this.session.send({
          type: 'conversation.item.input_audio_transcription.failed',
          ...at,
          error: {
            type: 'transcription_error',
            code: 'audio_unintelligible',
            message: 'The audio could not be transcribed.',
          },
        });
        return;
      }
      for (const delta of text.match(/\S+\s*/gu) ?? [])
        this.session.send({ type: 'conversation.item.input_audio_transcription.delta', ...at, delta });
      if (entry.item.type === 'message' && entry.item.role === 'user')
        entry.item = { ...entry.item, content: [{ type: 'input_audio', transcript: text }] };
      const usage = { type: 'duration', seconds: (entry.audioMs ?? 0) / 1_000 } as const;
      this.session.send({
        type: 'conversation.item.input_audio_transcription.completed',
        ...at,
        transcript: text,
        usage,
      });
    });
  }

  private get detection(): RealtimeAudioInputTurnDetection | null | undefined {
    return this.session.config.audio.input.turn_detection;
  }
}
