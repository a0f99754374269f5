/** Texts are looked at in stretches of this many characters; no frame of a phone call needs a second one. */
const STRETCH = 8 * 1024;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** For every two neighbouring bytes, in either order, whether both are of the alphabet: half as many look-ups, and no branch. */
const PAIRS = new Uint8Array(0x1_00_00);
for (const one of Buffer.from(ALPHABET))
  for (const other of Buffer.from(ALPHABET)) PAIRS[one | (other << 8)] = 1;

const bytes = Buffer.alloc(STRETCH);
const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, STRETCH / 2);

/** Looks at the first characters of a text, an even number of them, at most a stretch. */
const isOfAlphabet = (text: string, chars: number): boolean => {
  // A character outside ASCII becomes bytes above 127, none of which is of the alphabet; one that has no room at the end is missed.
  if (bytes.write(text, 'utf8') !== text.length) return false;
  let all = 1;
  for (let pair = 0; pair < chars / 2; pair += 1) all &= PAIRS[pairs[pair] ?? 0] ?? 0;
  return all === 1;
};

/**
 * True for whole base64 and nothing else. Every character is looked at: such a text is put between quotes without escaping,
 * and one quote or backslash let through would let a caller write messages of his own.
 */
export const isBase64 = (text: string): boolean => {
  const { length } = text;
  if (length === 0 || length % 4 !== 0) return false;
  // All but the last four characters are of the alphabet; these may end in padding.
  for (let from = 0; from < length - 4; from += STRETCH) {
    const stretch = length <= STRETCH ? text : text.slice(from, from + STRETCH);
    if (!isOfAlphabet(stretch, Math.min(STRETCH, length - 4 - from))) return false;
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (bytes.write(text.slice(length - 4), 'utf8') !== 4) return false;
  if (PAIRS[pairs[0] ?? 0] !== 1) return false;
  if (padding === 2) return true;
  return PAIRS[padding === 0 ? (pairs[1] ?? 0) : (bytes[2] ?? 0) * 0x01_01] === 1;
};
