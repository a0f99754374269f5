import type { AssistantProfile } from '../../domain/assistant-profile.js';
import { Dictation, PATIENT_SILENCE_MS } from '../../domain/dictation.js';
import { normaliseFor } from '../../domain/field-values.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { ModelSession } from '../../domain/model-session.js';
import { prefixPaddingMs, silenceDurationMs } from '../../domain/turn-detection.js';

/** Waits longer for the end of a turn in which something is likely to be dictated, so that a number is not cut in two. */
export class TurnPatience {
  /** Audio that the model keeps from before a caller's first sound, in milliseconds. */
  readonly paddingMs: number;
  private readonly usualMs: number;
  private readonly dictation: Dictation;
  private currentMs: number;

  constructor(
    private readonly session: Pick<ModelSession, 'listenPatiently'>,
    private readonly language: LanguageFollowing,
    profile: Pick<AssistantProfile, 'region' | 'silenceDurationMs' | 'prefixPaddingMs'>,
  ) {
    const normalise = normaliseFor(profile.region);
    this.dictation = new Dictation((digits) => 'value' in normalise('callback_number', digits));
    this.paddingMs = prefixPaddingMs(profile.prefixPaddingMs);
    this.usualMs = silenceDurationMs(profile.silenceDurationMs);
    this.currentMs = this.usualMs;
  }

  /** The silence that ends a turn now. */
  get silenceMs(): number {
    return this.currentMs;
  }

  weAreHeard(text: string): void {
    this.dictation.weAreHeard(text, this.language.current);
    this.adjust();
  }

  /** A turn of his is over, in these words; none when they were not understood. */
  callerSaid(text: string): void {
    this.dictation.callerSaid(text, this.language.current);
    this.adjust();
  }

  private adjust(): void {
    const wantedMs = this.dictation.isLikely ? Math.max(PATIENT_SILENCE_MS, this.usualMs) : this.usualMs;
    if (wantedMs === this.currentMs) return;
    this.currentMs = wantedMs;
    this.session.listenPatiently(wantedMs);
  }
}
