export { benchVoice } from './bench-voice.ts';
export type { VoiceBench, VoiceBenchOptions } from './bench-voice.ts';
export { benchmarksPage } from './report/page.ts';
export { terminalTable } from './report/terminal.ts';
