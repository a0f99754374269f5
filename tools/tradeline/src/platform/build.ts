import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, ROOT } from '../paths.ts';
import { step } from '../progress.ts';
import { run } from './run.ts';

const STAMP = inRoot('node_modules/.cache/tradeline/build');
const PROJECTS = ['libs', 'apps'];
const SHARED_INPUTS = ['proto', 'buf.gen.yaml', '.swcrc', 'tsconfig.base.json', 'package-lock.json'];
const NOT_INPUTS = new Set(['node_modules', 'dist', 'generated', 'test', '.data']);

function* filesBelow(path: string): Generator<string> {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) return yield path;
  for (const name of readdirSync(path).sort()) if (!NOT_INPUTS.has(name)) yield* filesBelow(join(path, name));
}

/** A fingerprint of all that a build reads: cheap enough to take at every start. */
const fingerprint = (): string => {
  const hash = createHash('sha256');
  for (const input of [...PROJECTS, ...SHARED_INPUTS]) {
    for (const file of filesBelow(inRoot(input))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file.slice(ROOT.length)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
};

const nx = (target: string): Promise<void> =>
  run('nx', ['run-many', '-t', target, '--outputStyle=static', '--parallel=2'], {
    env: { ...process.env, NX_DAEMON: 'false' },
    cure: 'If it names a package that cannot be found, delete node_modules and run the same command again.',
  });

/** Generates and builds whatever is stale; does nothing when nothing has changed since the last build. */
export const buildWhenStale = async (): Promise<void> => {
  const now = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === now) return;
  await step('Building the services', () => nx('build'));
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, now);
};
