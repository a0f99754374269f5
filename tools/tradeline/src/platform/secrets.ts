import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Secrets of one data directory: made at random the first time, kept in files that only their owner can read. */
export class Secrets {
  private readonly directory: string;

  constructor(dataDir: string) {
    this.directory = join(dataDir, 'secrets');
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** The secret's text; `make` gives it when there is none yet. */
  get(name: string, make: () => string = () => randomBytes(24).toString('base64url')): string {
    const path = this.path(name);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    const value = make();
    this.put(name, value);
    return value;
  }

  put(name: string, value: string): void {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, value, { mode: 0o600 });
  }

  read(name: string): string | undefined {
    const path = this.path(name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }
}
