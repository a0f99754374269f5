export { CallRecorder, LONGEST_RECORDING_MS, type FilePart } from './call-recorder.js';
export {
  answersIn,
  overlapMs,
  speechSegments,
  stopsWithinMs,
  type Answer,
  type Segment,
} from './segments.js';
export { followSpeech, type FollowedSpeech } from './follow-speech.js';
