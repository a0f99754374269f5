import { SAMPLE_RATE_HZ } from '../speech/mulaw.js';

/** A stretch of a recording in which one side speaks, in milliseconds from its beginning. */
export interface Segment {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What the assistant said to a turn of the caller's. */
export interface Answer {
  readonly callerStoppedMs: number;
  readonly beganMs: number;
  /** What the caller waited; below zero when he was still speaking. */
  readonly gapMs: number;
}

/** How finely speech is told from silence. */
export const WINDOW_MS = 10;
const WINDOW_SAMPLES = (SAMPLE_RATE_HZ * WINDOW_MS) / 1_000;
/** Quieter is line noise. */
const AUDIBLE_RMS = 100;
/** Longer than the pause between two sentences of one breath, shorter than any between two turns. */
const TURN_PAUSE_MS = 400;

export function isAudible(samples: Int16Array, from: number, length: number): boolean {
  let sum = 0;
  const until = Math.min(samples.length, from + length);
  for (let i = from; i < until; i += 1) sum += (samples[i] ?? 0) ** 2;
  return until > from && Math.sqrt(sum / (until - from)) >= AUDIBLE_RMS;
}

/** Where somebody speaks on a channel, by its energy; pauses up to `pauseMs` belong to the speech. */
export function speechSegments(samples: Int16Array, pauseMs = TURN_PAUSE_MS): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < samples.length; at += WINDOW_SAMPLES) {
    if (!isAudible(samples, at, WINDOW_SAMPLES)) continue;
    const fromMs = (at * WINDOW_MS) / WINDOW_SAMPLES;
    const untilMs = fromMs + WINDOW_MS;
    const last = segments.at(-1);
    if (last && fromMs - last.untilMs <= pauseMs) segments[segments.length - 1] = { ...last, untilMs };
    else segments.push({ fromMs, untilMs });
  }
  return segments;
}

/** The first thing that the assistant begins to say after each turn of the caller's and before his next one. */
export function answersIn(caller: readonly Segment[], assistant: readonly Segment[]): Answer[] {
  return caller.flatMap(({ fromMs, untilMs }, turn): Answer[] => {
    const nextMs = caller[turn + 1]?.fromMs ?? Infinity;
    const answer = assistant.find((speech) => speech.fromMs >= fromMs && speech.fromMs < nextMs);
    return answer
      ? [{ callerStoppedMs: untilMs, beganMs: answer.fromMs, gapMs: answer.fromMs - untilMs }]
      : [];
  });
}

/** How long both speak at the same time, altogether. */
export function overlapMs(one: readonly Segment[], other: readonly Segment[]): number {
  let sum = 0;
  for (const a of one)
    for (const b of other) sum += Math.max(0, Math.min(a.untilMs, b.untilMs) - Math.max(a.fromMs, b.fromMs));
  return sum;
}

/** How long the assistant is still heard after `atMs`, when somebody begins to speak over it; 0 when it is silent then. */
export function stopsWithinMs(assistant: readonly Segment[], atMs: number): number {
  const spokenOver = assistant.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  return spokenOver ? spokenOver.untilMs - atMs : 0;
}
