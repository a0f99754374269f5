import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export const inRoot = (...parts: string[]): string => resolve(ROOT, ...parts);

export const DEFAULT_DATA_DIR = inRoot('.data');

/** What a command must add to reach the platform of this directory; nothing when it would look there anyway. */
export const sameDataDir = (dataDir: string): string =>
  dataDir === resolve(process.env.TRADELINE_DATA_DIR ?? DEFAULT_DATA_DIR) ? '' : ` --data-dir ${dataDir}`;
