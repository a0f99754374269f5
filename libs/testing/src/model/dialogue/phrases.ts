/** Whether a word or phrase stands in the text by itself, not inside another word. */
export function hasPhrase(text: string, phrase: string): boolean {
  return indexOfPhrase(text.toLowerCase(), phrase) >= 0;
}

export function hasAnyPhrase(text: string, phrases: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return phrases.some((phrase) => indexOfPhrase(lower, phrase) >= 0);
}

/** Whether one of the stems begins a word of the text: `leak` is in `leaking`. */
export function hasAnyStem(text: string, stems: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return stems.some((stem) => startsWord(lower, stem));
}

/** Where the phrase begins in lower-case text as whole words, or -1. */
export function indexOfPhrase(lower: string, phrase: string, from = 0): number {
  for (let at = lower.indexOf(phrase, from); at >= 0; at = lower.indexOf(phrase, at + 1)) {
    if (!isLetter(lower[at - 1]) && (!isLetter(lower[at + phrase.length]) || !isLetter(phrase.at(-1))))
      return at;
  }
  return -1;
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
}

export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+/u)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

function startsWord(lower: string, stem: string): boolean {
  for (let at = lower.indexOf(stem); at >= 0; at = lower.indexOf(stem, at + 1))
    if (!isLetter(lower[at - 1])) return true;
  return false;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
