/**
 * One line of what can be seen: no line breaks of any alphabet, and no control, direction or other invisible characters,
 * in which a text can hide from people that a model reads.
 */
export const plainText = (text: string): string =>
  text
    .replace(/[\s\p{Zl}\p{Zp}\p{Cc}]+/gu, ' ')
    .replace(/\p{C}/gu, '')
    .trim();
