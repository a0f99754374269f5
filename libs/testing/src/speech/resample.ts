/** Zero crossings of the sinc on each side: about 70 dB down in the stop band, which is below mu-law's own noise. */
const ZERO_CROSSINGS = 16;
/** Share of the narrower band that passes; the rest is the filter's slope. */
const PASS_BAND = 0.92;

/** One row of filter taps per phase: how far an output sample may lie behind an input sample. */
interface Filter {
  readonly halfWidth: number;
  readonly rows: readonly Float64Array[];
}

/** Converts the sample rate with a windowed-sinc low-pass, so that nothing above the new band folds back into it. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const [up, down] = [toHz / divisor, fromHz / divisor];
  const { rows, halfWidth } = filterFor(up, PASS_BAND * Math.min(1, toHz / fromHz));
  const out = new Int16Array(Math.floor((samples.length * up) / down));
  for (let i = 0; i < out.length; i += 1) {
    const whole = Math.floor((i * down) / up);
    const row = rows[(i * down) % up] ?? new Float64Array();
    let sum = 0;
    for (let tap = 0; tap < row.length; tap += 1)
      sum += (samples[whole + tap - halfWidth] ?? 0) * (row[tap] ?? 0);
    out[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return out;
}

/** `cutoff` is a share of the input's band, so it is also the gain that keeps loudness. */
function filterFor(phases: number, cutoff: number): Filter {
  const halfWidth = Math.ceil(ZERO_CROSSINGS / cutoff);
  const rows = Array.from({ length: phases }, (_, phase) =>
    Float64Array.from({ length: 2 * halfWidth + 1 }, (__, tap) =>
      kernel(tap - halfWidth - phase / phases, cutoff, halfWidth + 1),
    ),
  );
  return { halfWidth, rows };
}

function kernel(distance: number, cutoff: number, reach: number): number {
  if (distance === 0) return cutoff;
  const angle = Math.PI * distance;
  const window = 0.42 + 0.5 * Math.cos(angle / reach) + 0.08 * Math.cos((2 * angle) / reach);
  return (Math.sin(angle * cutoff) / angle) * window;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
