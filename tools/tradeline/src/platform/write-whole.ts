import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file for its owner only, in one step: whoever reads it, or kills us, finds the old text or the new. */
export const writeWhole = (file: string, text: string): void => {
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, file);
};
