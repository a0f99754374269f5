/** Writes one line of what was asked for; progress and complaints go to standard error instead. */
export const out = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};
