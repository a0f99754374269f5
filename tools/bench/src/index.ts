export { benchVoice } from './bench-voice.ts';
export type { VoiceBench, VoiceBenchOptions } from './bench-voice.ts';
export { benchHealth, HEALTH_P95_MS, healthTable } from './health/bench-health.ts';
export type { HealthBench, HealthBenchOptions, HealthTarget } from './health/bench-health.ts';
export { benchmarksPage } from './report/page.ts';
export { terminalTable } from './report/terminal.ts';
