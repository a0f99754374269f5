/** Reads words and phrases that stand between bars, over as many lines as they need. */
export function wordList(text: string): readonly string[] {
  return text
    .split('|')
    .map((phrase) => phrase.trim().replace(/\s+/gu, ' '))
    .filter(Boolean);
}
