import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Target } from './target.js';

const PRISMA = path.join(
  path.dirname(createRequire(import.meta.url).resolve('prisma/package.json')),
  'build',
  'index.js',
);

/** One line of a password file, by the rules of PostgreSQL's libpq: any host, port, database and user. */
export const passwordFileLine = (password: string): string =>
  `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`;

export interface DeployResult {
  readonly succeeded: boolean;
  /** What Prisma said, for a person to read. */
  readonly output: string;
}

/**
 * Runs `prisma migrate deploy` for one app. Prisma hands the URL on as a process argument, which every user of the
 * machine can read: so the password goes by a file that only we can.
 */
export async function prismaDeploy(appFolder: string, target: Target): Promise<DeployResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'migrator-'));
  const passwordFile = path.join(folder, 'password');
  try {
    writeFileSync(passwordFile, passwordFileLine(target.password), { mode: 0o600 });
    return await run(appFolder, { DATABASE_URL: target.url, PGPASSFILE: passwordFile });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(cwd: string, connection: Readonly<Record<string, string>>): Promise<DeployResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PRISMA, 'migrate', 'deploy'], {
      cwd,
      env: { ...ownEnvironment(), ...connection },
      stdio: ['ignore', 'pipe', 'pipe'], // it must not wait for answers
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ succeeded: code === 0, output: output.trim() }));
  });
}

/** No more than a program needs to run: our own environment holds every domain's password. */
function ownEnvironment(): NodeJS.ProcessEnv {
  // eslint-disable-next-line no-restricted-properties -- not settings of ours: what the child process runs by
  const { PATH, HOME, TMPDIR, PRISMA_SCHEMA_ENGINE_BINARY } = process.env;
  const engine = PRISMA_SCHEMA_ENGINE_BINARY ? { PRISMA_SCHEMA_ENGINE_BINARY } : {};
  return {
    PATH,
    HOME,
    TMPDIR,
    NO_COLOR: '1',
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    ...engine,
  };
}
