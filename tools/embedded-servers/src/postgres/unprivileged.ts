import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import type { Launch } from '../managed-server.ts';

/** How PostgreSQL, which refuses to run as root, is started. */
export interface Unprivileged {
  wrap(command: string, args: readonly string[]): Launch;
  /** Makes what was written for the server readable to it. */
  handOver(file: string): void;
}

const NOBODY = 65_534;

const asWeAre: Unprivileged = { wrap: (command, args) => ({ command, args }), handOver: () => undefined };

/** Root outside, nobody inside: the process may read what root may, even below a folder closed to all others. */
const inUserNamespace: Unprivileged = {
  wrap: (command, args) => ({ command: 'unshare', args: [...MAPPED, command, ...args] }),
  handOver: () => undefined,
};
const MAPPED = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

const asAnotherUser = ({ uid, gid }: { uid: number; gid: number }): Unprivileged => ({
  wrap: (command, args) => ({ command, args, uid, gid }),
  handOver: (file) => chownSync(file, uid, gid),
});

/** Picks what works on this machine: containers often forbid user namespaces. */
export function unprivileged(): Unprivileged {
  if (process.getuid?.() !== 0) return asWeAre;
  try {
    execFileSync('unshare', [...MAPPED, 'true'], { stdio: 'ignore' });
    return inUserNamespace;
  } catch {
    return asAnotherUser(userOfPostgres());
  }
}

function userOfPostgres(): { uid: number; gid: number } {
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return { uid: NOBODY, gid: NOBODY };
  }
}

/** Gives a folder to the server alone. */
export function makeOwn(folder: string, user: Unprivileged): void {
  chmodSync(folder, 0o700);
  user.handOver(folder);
}
