import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts processor time in hundredths of a second on every architecture that Linux runs Node on. */
const TICK_MS = 10;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
};

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

const statOf = (pid: number): Stat | undefined => {
  const text = read(`/proc/${pid}/stat`);
  // The second field is the command in parentheses, which may hold blanks and parentheses itself.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return (
    fields && { pid, parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS }
  );
};

/** A process and all that it has started. */
const treeOf = (root: number): Stat[] => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [statOf(Number(name))] : []));
  const stats = all.filter((stat) => stat !== undefined);
  const tree = stats.filter(({ pid }) => pid === root);
  for (const member of tree) tree.push(...stats.filter(({ parent }) => parent === member.pid));
  return tree;
};

/** User and system time, of all threads of a process tree since its beginning. */
export const cpuMsOf = (root: number): number => treeOf(root).reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** Resident memory of a process tree. */
export const residentKbOf = (root: number): number =>
  treeOf(root).reduce(
    (sum, { pid }) => sum + Number(/^VmRSS:\s*(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0),
    0,
  );

export interface CoreTime {
  readonly busyMs: number;
  readonly totalMs: number;
}

/** How long a core has been busy, with whomever, since the machine started; time that a hypervisor took counts as busy. */
export const coreTime = (core: number): CoreTime => {
  const line = read('/proc/stat')
    ?.split('\n')
    .find((each) => each.startsWith(`cpu${core} `));
  const times = (line ?? '').split(/\s+/).slice(1, 9).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  const idle = (times[3] ?? 0) + (times[4] ?? 0);
  return { busyMs: (total - idle) * TICK_MS, totalMs: total * TICK_MS };
};
