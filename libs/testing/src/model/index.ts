export {
  createFakeOpenAi,
  startFakeOpenAi,
  type FakeOpenAi,
  type FakeOpenAiControl,
  type RunningFakeOpenAi,
} from './fake-open-ai.js';
export { DEFAULT_DELAYS, type FakeOpenAiOptions, type ModelDelays, type ToolStyle } from './options.js';
export { FAULT_NAMES, type Fault, type FaultName } from './faults.js';
export type { DialogueItem, DialogueTurn } from './dialogue/dialogue-turn.js';
export { decideTurn } from './dialogue/policy.js';
export type { ModelClock } from './clock.js';
export type { SessionRecord } from './realtime/session-record.js';
