export {
  createFakeElevenLabs,
  startFakeElevenLabs,
  type FakeElevenLabs,
  type FakeElevenLabsControl,
  type RunningFakeElevenLabs,
} from './fake-eleven-labs.js';
export {
  DEFAULT_SPEECH_DELAYS,
  SPEECH_FAULT_NAMES,
  type FakeElevenLabsOptions,
  type SpeechDelays,
  type SpeechFault,
  type SpeechFaultName,
} from './options.js';
export type { SpeechSocketRecord } from './multi-stream-socket.js';
