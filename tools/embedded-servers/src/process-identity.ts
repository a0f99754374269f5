import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process id alone may belong to somebody else by now; with its start time it is this process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the operating system says it; only compared. */
  readonly startTime: string;
}

/** When the process began, or undefined when it does not run. A dead process that nobody has reaped does not run. */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return startTimeFromPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything: fields are counted after it. See proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' ? undefined : startTime;
  } catch {
    return undefined;
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const [state, ...startTime] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state?.startsWith('Z') ? undefined : startTime.join(' ');
  } catch {
    return undefined;
  }
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export const isRunning = ({ pid, startTime }: ProcessIdentity): boolean => startTimeOf(pid) === startTime;

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch {
    // it ended in between
  }
}

/** Asks a process to end, and makes it end when it has not after `patienceMs`. */
export async function terminate(
  identity: ProcessIdentity,
  by: NodeJS.Signals,
  patienceMs = 10_000,
): Promise<void> {
  signal(identity, by);
  if (await endsWithin(identity, patienceMs)) return;
  signal(identity, 'SIGKILL');
  await endsWithin(identity, 5_000);
}

async function endsWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (isRunning(identity)) {
    if (performance.now() > end) return false;
    await delay(10);
  }
  return true;
}
