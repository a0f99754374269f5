import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';

/** A program on this machine, and what its shared libraries need to be found. */
export interface Program {
  readonly path: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where servers lie that are installed but not on an ordinary user's PATH. */
const MORE_FOLDERS = [
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];

/** The executables of this name, in the order of PATH. */
export function programsNamed(name: string, env: NodeJS.ProcessEnv, more: readonly string[] = []): string[] {
  const folders = [...(env.PATH ?? '').split(path.delimiter), ...MORE_FOLDERS, ...more].filter((folder) =>
    path.isAbsolute(folder),
  );
  return [...new Set(folders)].map((folder) => path.join(folder, name)).filter(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Folders `/usr/lib/postgresql/<major>/bin`, newest first, where Debian keeps PostgreSQL. */
export function debianPostgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    const majors = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return majors.map((major) => path.join(root, major, 'bin'));
  } catch {
    return [];
  }
}

/** What a program answers to `--version`, as "2.10.27"; undefined when it does not run here. */
export function versionOf(program: string, env: Readonly<Record<string, string>> = {}): string | undefined {
  try {
    const said = execFileSync(program, ['--version'], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
    return /(\d+(?:\.\d+)+)/.exec(said)?.[1];
  } catch {
    return undefined;
  }
}

/** Compares by numbers: "2.10" is at least "2.9". */
export function atLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split('.').map(Number));
  for (const [index, wanted] of (want ?? []).entries()) {
    const had = have?.[index] ?? 0;
    if (had !== wanted) return had > wanted;
  }
  return true;
}

/** The first of these that runs and is new enough; what is too old is told. */
export function firstFit(
  candidates: readonly string[],
  minimum: string,
  onProgress: (line: string) => void,
): Program | undefined {
  for (const candidate of candidates) {
    const version = versionOf(candidate);
    if (version && atLeast(version, minimum)) return { path: candidate, version, env: {} };
    if (version) onProgress(`${candidate} is ${version}; ${minimum} or newer is needed`);
  }
  return undefined;
}
