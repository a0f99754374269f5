import path from 'node:path';
import { cacheDir } from './data-dir.ts';
import { DebianPackages } from './programs/debian-packages.ts';
import { programsNamed, versionOf } from './programs/find-program.ts';

/** A speech synthesizer for the sandbox's caller and assistant. */
export interface Espeak {
  readonly path: string;
  /** For LD_LIBRARY_PATH, when it is not installed but unpacked. */
  readonly libraryPath?: string;
  /** For ESPEAK_DATA_PATH, likewise. */
  readonly dataPath?: string;
}

export interface EspeakOptions {
  readonly dataDir: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (line: string) => void;
}

/** espeak-ng from PATH or from the machine's package archive. Undefined when there is none: nothing depends on it. */
export async function bringEspeak({
  dataDir,
  env = process.env,
  onProgress = () => undefined,
}: EspeakOptions): Promise<Espeak | undefined> {
  const installed = programsNamed('espeak-ng', env).find((program) => versionOf(program));
  if (installed) return { path: installed };
  if (!DebianPackages.available()) return undefined;
  try {
    const { root, libraryPath } = await new DebianPackages(
      cacheDir(dataDir, env),
      onProgress,
    ).withDependencies('espeak-ng');
    const program = path.join(root, 'usr/bin/espeak-ng');
    const dataPath = libraryPath.split(':')[0] ?? root; // espeak-ng-data lies beside the libraries
    const runs = versionOf(program, { LD_LIBRARY_PATH: libraryPath, ESPEAK_DATA_PATH: dataPath });
    return runs ? { path: program, libraryPath, dataPath } : undefined;
  } catch (error) {
    onProgress(`no espeak-ng: ${(error as Error).message}`);
    return undefined;
  }
}
