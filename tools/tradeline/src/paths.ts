import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export const inRoot = (...parts: string[]): string => resolve(ROOT, ...parts);

export const DEFAULT_DATA_DIR = inRoot('.data');
