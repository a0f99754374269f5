import { cacheDir, DataDir } from './data-dir.ts';
import type { Progress } from './managed-server.ts';
import { DebianPackages } from './programs/debian-packages.ts';

/** What starting any of the servers needs to know. */
export class StartContext {
  readonly dataDir: DataDir;
  readonly ephemeral: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: Progress;
  private readonly dataPath: string;

  constructor(
    dataDir: string,
    options: { ephemeral: boolean; env: NodeJS.ProcessEnv; onProgress: Progress },
  ) {
    this.dataPath = dataDir;
    this.dataDir = new DataDir(dataDir);
    this.ephemeral = options.ephemeral;
    this.env = options.env;
    this.onProgress = options.onProgress;
  }

  readonly passwordOf = (role: string): string => this.dataDir.secret(`postgres/${role}`);

  cache(): string {
    return cacheDir(this.dataPath, this.env);
  }

  /** Undefined where there is no apt. */
  debianPackages(): DebianPackages | undefined {
    return DebianPackages.available() ? new DebianPackages(this.cache(), this.onProgress) : undefined;
  }
}
