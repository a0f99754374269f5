/** `performance` is loaded when it is first touched, which takes a moment that must not fall between the two readings. */
const clock = performance;
clock.now();
const before = clock.now();
const [seconds, nanos] = process.hrtime();
const after = clock.now();
/** `performance.now` counts from the start of the process and `hrtime` from the start of the machine: both read one clock. */
const offsetUs = seconds * 1e6 + nanos / 1e3 - ((before + after) / 2) * 1e3;

/** Microseconds on the machine's monotonic clock, the same in every process. */
export const nowUs = (): number => offsetUs + clock.now() * 1e3;
