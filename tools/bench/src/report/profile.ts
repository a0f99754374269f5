import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Window } from '../players/messages.ts';

/** Of a `.cpuprofile`, as V8 writes it. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Microseconds on the machine's monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileLine {
  readonly what: string;
  readonly where: string;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

export interface ProfileSummary {
  readonly functions: readonly ProfileLine[];
  readonly places: readonly ProfileLine[];
}

const TOP = 25;
const IDLE = '(idle)';

/** A path a reader knows: ours from the root, a package by its name, Node's own by its module. */
const placeOf = (url: string, root: string): string => {
  if (url === '') return 'native';
  if (url.startsWith('node:')) return url;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const inPackage = path.split('/node_modules/').at(-1) ?? path;
  if (inPackage !== path) return inPackage;
  return path.startsWith(root) ? path.slice(root.length + 1) : path;
};

/** The package or project that a place belongs to. */
const groupOf = (place: string): string => {
  const parts = place.split('/');
  if (place.startsWith('node:')) return "Node's own modules";
  if (place === 'native') return 'native code: V8, libuv, kernel';
  if (parts[0] === 'apps' || parts[0] === 'libs') return parts.slice(0, 2).join('/');
  return parts[0]?.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? place);
};

/** The start of the process and its end are no part of what a call costs. */
const selfTimes = (
  { samples, timeDeltas, startTime }: CpuProfile,
  { fromUs, toUs }: Window,
): Map<number, number> => {
  const times = new Map<number, number>();
  let atUs = startTime;
  for (const [index, id] of samples.entries()) {
    const deltaUs = timeDeltas[index] ?? 0;
    atUs += deltaUs;
    if (atUs >= fromUs && atUs < toUs) times.set(id, (times.get(id) ?? 0) + deltaUs);
  }
  return times;
};

const ranked = (
  times: ReadonlyMap<string, { what: string; where: string; us: number }>,
  totalUs: number,
): ProfileLine[] =>
  [...times.values()]
    .map(({ what, where, us }) => ({ what, where, share: us / totalUs }))
    .sort((one, other) => other.share - one.share);

/** Adds up where a process spent its own time, by function and by package. */
export const summariseProfile = (profile: CpuProfile, window: Window, root: string): ProfileSummary => {
  const times = selfTimes(profile, window);
  const functions = new Map<string, { what: string; where: string; us: number }>();
  const places = new Map<string, { what: string; where: string; us: number }>();
  let totalUs = 0;
  const add = (to: typeof functions, key: string, what: string, where: string, us: number): void => {
    const entry = to.get(key) ?? { what, where, us: 0 };
    entry.us += us;
    to.set(key, entry);
  };
  for (const { id, callFrame } of profile.nodes) {
    const us = times.get(id) ?? 0;
    const { functionName, url, lineNumber } = callFrame;
    if (functionName === IDLE || us === 0) continue;
    totalUs += us;
    const place = placeOf(url, root);
    const what = functionName === '' ? '(anonymous)' : functionName;
    add(functions, `${what} ${place} ${lineNumber}`, what, place, us);
    add(places, groupOf(place), groupOf(place), '', us);
  }
  return {
    functions: ranked(functions, totalUs).slice(0, TOP),
    places: ranked(places, totalUs).slice(0, TOP / 2),
  };
};

/** The profile that a process has left in a folder; undefined when it has left none. */
export const readProfile = (folder: string, window: Window, root: string): ProfileSummary | undefined => {
  const file = existsSync(folder)
    ? readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))
    : undefined;
  return file === undefined
    ? undefined
    : summariseProfile(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile, window, root);
};
