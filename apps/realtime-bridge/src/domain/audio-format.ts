/** µ-law at 8 kHz, one byte a sample: what a phone line carries and what the model takes and gives untouched. */
export const BYTES_PER_MS = 8;

export const msOf = (bytes: number): number => bytes / BYTES_PER_MS;

/** How many bytes a base64 text stands for, told without decoding it. */
export const decodedLength = (base64: string): number => {
  const length = base64.length;
  if (length === 0) return 0;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (length / 4) * 3 - padding;
};
