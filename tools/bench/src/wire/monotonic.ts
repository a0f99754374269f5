const READINGS = 50;

/**
 * `performance.now` counts from the start of the process and `hrtime` from the start of the machine: both read one clock. Of
 * several comparisons the quickest is right: in another the process may have been put aside between the two readings.
 */
const measureOffsetUs = (): number => {
  let offsetUs = 0;
  let quickestMs = Infinity;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const before = performance.now();
    const [seconds, nanos] = process.hrtime();
    const after = performance.now();
    if (after - before >= quickestMs) continue;
    quickestMs = after - before;
    offsetUs = seconds * 1e6 + nanos / 1e3 - ((before + after) / 2) * 1e3;
  }
  return offsetUs;
};

const offsetUs = measureOffsetUs();

/** Microseconds on the machine's monotonic clock, the same in every process. */
export const nowUs = (): number => offsetUs + performance.now() * 1e3;
