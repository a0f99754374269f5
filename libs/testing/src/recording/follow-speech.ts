import { SAMPLE_RATE_HZ } from '../speech/mulaw.js';
import { isAudible, WINDOW_MS } from './segments.js';

/** What became of a known piece of speech on a recorded channel. */
export interface FollowedSpeech {
  /** Where on the channel it begins. */
  readonly fromMs: number;
  /** Where it falls silent. */
  readonly untilMs: number;
  /** All that is audible of it was heard, in order. */
  readonly isWhole: boolean;
  /** What it lacks in its middle, counted where it is audible. */
  readonly missingMs: number;
  /** The longest pause that it has on the channel and not by itself. */
  readonly longestAddedGapMs: number;
}

const PER_MS = SAMPLE_RATE_HZ / 1_000;
const WINDOW = WINDOW_MS * PER_MS;
/** What is long enough to be unlike everything else in the call. */
const UNMISTAKABLE = 3 * WINDOW;
/** Beyond this, what follows is taken for another piece of speech. */
const LOOK_AHEAD_MS = 2_000;
/** Share of a stretch's power that may differ, and noise that is not heard at all: the line's and the coder's. */
const TOLERANCE = 0.05;
const NOISE = 50 ** 2;

/** Looks for `source` on a channel by its sound, from `fromMs` on, and follows it to its end; undefined when it is not there. */
export function followSpeech(
  source: Int16Array,
  channel: Int16Array,
  fromMs = 0,
): FollowedSpeech | undefined {
  const first = nextAudible(source, 0);
  const begin =
    first < source.length ? find(source, first, channel, fromMs * PER_MS, channel.length) : undefined;
  if (begin === undefined) return undefined;
  let [at, heard] = [first, begin];
  let [missing, longestAddedGap] = [0, 0];
  for (;;) {
    const stretch = commonLength(source, at, channel, heard);
    at += stretch;
    heard += stretch;
    if (nextAudible(source, at) >= source.length) break;
    const later = find(source, at, channel, heard + 1, heard + LOOK_AHEAD_MS * PER_MS);
    if (later !== undefined) {
      longestAddedGap = Math.max(longestAddedGap, later - heard);
      heard = later;
      continue;
    }
    const beyond = find(channel, heard, source, at + 1, at + LOOK_AHEAD_MS * PER_MS);
    if (beyond === undefined) break;
    missing += audibleSamples(source, at, beyond);
    at = beyond;
  }
  while (heard > begin && !isAudible(channel, heard - PER_MS, PER_MS)) heard -= PER_MS;
  return {
    fromMs: Math.round((begin - first) / PER_MS),
    untilMs: Math.round(heard / PER_MS),
    isWhole: missing === 0 && nextAudible(source, at) >= source.length,
    missingMs: Math.round(missing / PER_MS),
    longestAddedGapMs: Math.round(longestAddedGap / PER_MS),
  };
}

/** Where between `from` and `until` the other sounds as `source` does at `at`; silence is like nothing. */
function find(
  source: Int16Array,
  at: number,
  other: Int16Array,
  from: number,
  until: number,
): number | undefined {
  if (!isAudible(source, at, UNMISTAKABLE)) return undefined;
  const length = Math.min(UNMISTAKABLE, source.length - at);
  const allowed = allowedDifference(source, at, length);
  const last = Math.min(until, other.length - length);
  for (let position = from; position <= last; position += 1)
    if (alike(source, at, other, position, length, allowed)) return position;
  return undefined;
}

/** How far both go on alike, to the millisecond. */
function commonLength(source: Int16Array, at: number, channel: Int16Array, heard: number): number {
  let length = 0;
  while (alike(source, at + length, channel, heard + length, WINDOW)) length += WINDOW;
  while (alike(source, at + length, channel, heard + length, PER_MS)) length += PER_MS;
  return length;
}

function alike(
  one: Int16Array,
  at: number,
  other: Int16Array,
  position: number,
  length: number,
  allowed = allowedDifference(one, at, length),
): boolean {
  if (at + length > one.length || position + length > other.length) return false;
  let difference = 0;
  for (let i = 0; i < length; i += 1) {
    difference += ((one[at + i] ?? 0) - (other[position + i] ?? 0)) ** 2;
    if (difference > allowed) return false;
  }
  return true;
}

function allowedDifference(samples: Int16Array, from: number, length: number): number {
  let power = 0;
  for (let i = from; i < from + length; i += 1) power += (samples[i] ?? 0) ** 2;
  return TOLERANCE * power + NOISE * length;
}

function nextAudible(samples: Int16Array, from: number): number {
  let at = from;
  while (at < samples.length && !isAudible(samples, at, WINDOW)) at += WINDOW;
  return Math.min(at, samples.length);
}

function audibleSamples(samples: Int16Array, from: number, until: number): number {
  let sum = 0;
  for (let at = from; at < until; at += PER_MS)
    if (isAudible(samples, at, Math.min(WINDOW, until - at))) sum += Math.min(PER_MS, until - at);
  return sum;
}
