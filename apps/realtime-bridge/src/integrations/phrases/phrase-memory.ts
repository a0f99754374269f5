import type { AssistantProfile } from '../../domain/assistant-profile.js';
import { decodedLength, msOf } from '../../domain/audio-format.js';
import { PhraseAudio, type PhraseRecording, phraseText } from '../../domain/phrase-audio.js';
import type { PhraseName } from '../../domain/phrases.js';
import type { PhraseKeys } from './phrase-keys.js';

/** Some two hundred tenants with two languages each. */
export const MAX_PHRASE_BYTES = 64 << 20;

/** The phrases that this process can say at once, as base64 because that is how they leave. The longest unused goes first. */
export class PhraseMemory extends PhraseAudio {
  /** By age of their last use. */
  private readonly sounds = new Map<string, string>();
  private bytes = 0;
  private missed: (profile: AssistantProfile) => void = () => undefined;

  constructor(
    private readonly keys: Pick<PhraseKeys, 'of'>,
    private readonly maxBytes = MAX_PHRASE_BYTES,
  ) {
    super();
  }

  /** `tell` hears of each tenant for whom something was wanted that is not here. */
  onMissed(tell: (profile: AssistantProfile) => void): void {
    this.missed = tell;
  }

  of(profile: AssistantProfile, language: string, phrase: PhraseName): PhraseRecording | undefined {
    const text = phraseText(profile, language, phrase);
    const key = this.keys.of(profile, text);
    const audio = this.sounds.get(key);
    if (audio === undefined) {
      this.missed(profile);
      return undefined;
    }
    this.sounds.delete(key);
    this.sounds.set(key, audio);
    return { text, audio, durationMs: msOf(decodedLength(audio)) };
  }

  has(key: string): boolean {
    return this.sounds.has(key);
  }

  /** @param sound µ-law, 8 kHz */
  keep(key: string, sound: Uint8Array): void {
    this.forget(key);
    const audio = Buffer.from(sound).toString('base64');
    this.sounds.set(key, audio);
    this.bytes += audio.length;
    for (const oldest of this.sounds.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.bytes -= this.sounds.get(key)?.length ?? 0;
    this.sounds.delete(key);
  }
}
