export {
  BYTES_PER_MS,
  decodeMuLaw,
  encodeMuLaw,
  FRAME_BYTES,
  FRAME_MS,
  joinAudio,
  MU_LAW_SILENCE,
  muLawSilence,
  rmsOfMuLaw,
  SAMPLE_RATE_HZ,
  wholeFrames,
} from './mulaw.js';
export { PhraseBook, UNINTELLIGIBLE, type Recognition } from './phrase-book.js';
export { readWav, WAV_HEADER_BYTES, wavHeader, type WavAudio } from './wav.js';
export { resample } from './resample.js';
export {
  createSpeech,
  SPEECH_LANGUAGES,
  speechLanguage,
  type SpeakerVoice,
  type Speech,
  type SpeechLanguage,
  type SpeechOptions,
} from './speech.js';
