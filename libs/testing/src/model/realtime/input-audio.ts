import type { RealtimeAudioInputTurnDetection } from 'openai/resources/realtime/realtime';
import { BYTES_PER_MS, FRAME_BYTES, joinAudio } from '../../speech/mulaw.js';
import { VoiceActivity, type VoiceActivitySettings } from './voice-activity.js';

/** A manual buffer that nobody commits is bounded to this. */
const BUFFER_LIMIT_BYTES = 15 * 1024 * 1024;
/** How long a "semantic" detector waits by eagerness, in milliseconds; its true limits are 8, 4 and 2 s. */
const SEMANTIC_SILENCE_MS = { low: 1_200, medium: 700, auto: 700, high: 400 } as const;

export interface InputAudioListener {
  speechStarted(audioStartMs: number): void;
  /** `audio` is the turn from its padding to the end of its silence. */
  speechStopped(audioEndMs: number, audio: Uint8Array): void;
  /** Called after each frame with the audio clock. */
  clockMoved(audioMs: number): void;
}

/** The input audio buffer: what arrived and is not committed yet, and the turn detection that runs over it. */
export class InputAudio {
  private readonly activity = new VoiceActivity({ threshold: 0.5, silenceDurationMs: 500 });
  private chunks: Uint8Array[] = [];
  private bufferedBytes = 0;
  private totalBytes = 0;
  private rest: Uint8Array = new Uint8Array();
  private detection: RealtimeAudioInputTurnDetection | null = null;

  constructor(private readonly listener: InputAudioListener) {}

  get audioMs(): number {
    return this.totalBytes / BYTES_PER_MS;
  }

  get bufferedMs(): number {
    return this.bufferedBytes / BYTES_PER_MS;
  }

  get speaking(): boolean {
    return this.detection !== null && this.activity.speaking;
  }

  configure(detection: RealtimeAudioInputTurnDetection | null): void {
    this.detection = detection;
    if (detection) this.activity.configure(settingsOf(detection));
  }

  append(muLaw: Uint8Array): void {
    const audio = this.rest.length > 0 ? joinAudio(this.rest, muLaw) : muLaw;
    let at = 0;
    for (; at + FRAME_BYTES <= audio.length; at += FRAME_BYTES)
      this.hearFrame(audio.subarray(at, at + FRAME_BYTES));
    this.rest = audio.subarray(at);
  }

  /** Takes all that is buffered, as the client's own commit does. */
  take(): Uint8Array {
    const audio = joinAudio(...this.chunks, this.rest);
    this.rest = new Uint8Array();
    this.clear();
    return audio;
  }

  clear(): void {
    this.chunks = [];
    this.bufferedBytes = 0;
  }

  private hearFrame(frame: Uint8Array): void {
    this.totalBytes += frame.length;
    this.chunks.push(frame);
    this.bufferedBytes += frame.length;
    if (this.detection) this.detect(frame, this.detection);
    else this.keepLast(BUFFER_LIMIT_BYTES);
    this.listener.clockMoved(this.audioMs);
  }

  private detect(frame: Uint8Array, detection: RealtimeAudioInputTurnDetection): void {
    const change = this.activity.hear(frame, 0, frame.length);
    const paddingBytes =
      (detection.type === 'server_vad' ? (detection.prefix_padding_ms ?? 300) : 300) * BYTES_PER_MS;
    if (change?.kind === 'started') {
      this.keepLast(change.sinceMs * BYTES_PER_MS + paddingBytes);
      this.listener.speechStarted(Math.max(0, this.audioMs - this.bufferedMs));
    } else if (change?.kind === 'stopped') {
      const audio = joinAudio(...this.chunks);
      this.clear();
      this.listener.speechStopped(this.audioMs, audio);
    } else if (!this.activity.speaking) {
      this.keepLast(paddingBytes + FRAME_BYTES * 10);
    }
  }

  private keepLast(bytes: number): void {
    while (this.bufferedBytes - (this.chunks[0]?.length ?? 0) >= bytes)
      this.bufferedBytes -= this.chunks.shift()?.length ?? Infinity;
  }
}

function settingsOf(detection: RealtimeAudioInputTurnDetection): VoiceActivitySettings {
  return detection.type === 'server_vad'
    ? { threshold: detection.threshold ?? 0.5, silenceDurationMs: detection.silence_duration_ms ?? 500 }
    : { threshold: 0.5, silenceDurationMs: SEMANTIC_SILENCE_MS[detection.eagerness ?? 'auto'] };
}
