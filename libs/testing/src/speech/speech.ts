import { speakWithEspeak, type EspeakProgram } from './espeak-voice.js';
import { speakInTones } from './tone-voice.js';

export const SPEECH_LANGUAGES = ['en', 'fr', 'es', 'tl'] as const;
export type SpeechLanguage = (typeof SPEECH_LANGUAGES)[number];
export type SpeakerVoice = 'caller' | 'assistant';

export interface SpeechOptions extends Partial<EspeakProgram> {
  /** How many spoken texts are kept; the oldest used goes first. */
  readonly cacheSize?: number;
}

export interface Speech {
  /** `espeak-ng` where the program was given, else `tones`. */
  readonly engine: 'espeak-ng' | 'tones';
  /**
   * Speaks a text as 8 kHz mu-law, a whole number of 20 ms frames. The same text, language and voice always give
   * the same bytes. `language` may be a tag such as `fr-CA`; an unknown one is spoken as English.
   * Rejects when espeak-ng cannot be run or refuses the text.
   */
  speak(text: string, language: string, voice: SpeakerVoice): Promise<Uint8Array>;
}

const DEFAULT_CACHE_SIZE = 500;

/** The base language of a tag, or undefined when it is none of the four. */
export function speechLanguage(tag: string): SpeechLanguage | undefined {
  const base = tag.toLowerCase().split(/[-_]/u)[0];
  if (base === 'fil') return 'tl';
  return SPEECH_LANGUAGES.find((language) => language === base);
}

export function createSpeech(options: SpeechOptions = {}): Speech {
  const { espeakPath, libraryPath, dataPath, cacheSize = DEFAULT_CACHE_SIZE } = options;
  const program: EspeakProgram | undefined = espeakPath
    ? { espeakPath, ...(libraryPath ? { libraryPath } : {}), ...(dataPath ? { dataPath } : {}) }
    : undefined;
  const spoken = new Map<string, Promise<Uint8Array>>();

  const synthesize = (text: string, language: SpeechLanguage, voice: SpeakerVoice): Promise<Uint8Array> =>
    program
      ? speakWithEspeak(program, text, language, voice)
      : Promise.resolve(speakInTones(text, language, voice));

  return {
    engine: program ? 'espeak-ng' : 'tones',
    speak(text, tag, voice) {
      const language = speechLanguage(tag) ?? 'en';
      const key = `${voice}|${language}|${text}`;
      const audio = spoken.get(key) ?? synthesize(text, language, voice);
      spoken.delete(key);
      spoken.set(key, audio);
      audio.catch(() => spoken.delete(key));
      const oldest = spoken.keys().next();
      if (spoken.size > cacheSize && !oldest.done) spoken.delete(oldest.value);
      return audio;
    },
  };
}
