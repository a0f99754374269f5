import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(file: string, content: string): void {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, content, { mode: 0o600 });
  renameSync(fresh, file);
}

export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Where the private servers of one installation keep their data, their secrets, and what is running. */
export class DataDir {
  readonly root: string;
  private readonly secretsFile: string;
  private readonly secrets: Record<string, string>;

  constructor(dataDir: string) {
    this.root = path.resolve(dataDir, 'servers');
    // Others may pass through, not look: PostgreSQL may have to run as a user that owns only its own folder in here.
    mkdirSync(this.root, { recursive: true, mode: 0o711 });
    this.secretsFile = path.join(this.root, 'secrets.json');
    this.secrets = readJson<Record<string, string>>(this.secretsFile) ?? {};
  }

  /** The folder of one server; one that others may pass through is for PostgreSQL alone, see above. */
  folder(name: string, { passable = false } = {}): string {
    const folder = path.join(this.root, name);
    mkdirSync(folder, { recursive: true, mode: passable ? 0o711 : 0o700 });
    return folder;
  }

  /** A random secret that stays the same for this installation; safe in a URL and in configuration files. */
  secret(name: string): string {
    const known = this.secrets[name];
    if (known) return known;
    const fresh = randomBytes(24).toString('base64url');
    this.secrets[name] = fresh;
    writePrivateFile(this.secretsFile, `${JSON.stringify(this.secrets, null, 2)}\n`);
    return fresh;
  }
}

/** Where downloads are kept for all installations of this user; in the data directory when the user has no home. */
export function cacheDir(dataDir: string, env: NodeJS.ProcessEnv): string {
  const home = env.XDG_CACHE_HOME || path.join(env.HOME || homedir(), '.cache');
  for (const candidate of [path.join(home, 'tradeline'), path.resolve(dataDir, 'cache')]) {
    try {
      mkdirSync(candidate, { recursive: true });
      accessSync(candidate, constants.W_OK);
      return candidate;
    } catch {
      // not ours to write to
    }
  }
  throw new Error(`neither ${home} nor ${dataDir} can be written to`);
}
