/** The language part of a BCP-47 tag: "fr-CA" -> "fr". */
export const baseLanguage = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? '';

/**
 * Which of a business's languages is meant by a language that was asked for or heard, e.g. "fr" -> "fr-CA".
 * Filipino and Tagalog are one language to a caller.
 */
export const matchLanguage = (wanted: string, offered: readonly string[]): string | undefined => {
  const exact = offered.find((tag) => tag.toLowerCase() === wanted.toLowerCase());
  if (exact) return exact;
  const base = baseLanguage(wanted) === 'fil' ? 'tl' : baseLanguage(wanted);
  return offered.find((tag) => (baseLanguage(tag) === 'fil' ? 'tl' : baseLanguage(tag)) === base);
};

/** The language of a conversation: it begins as the business's first and follows the caller among those on offer. */
export class LanguageFollowing {
  private language: string;

  constructor(private readonly offered: readonly string[]) {
    this.language = offered[0] ?? 'en';
  }

  get current(): string {
    return this.language;
  }

  /** Changes to the language asked for; undefined when the business does not offer it. */
  switchTo(wanted: string): string | undefined {
    const match = matchLanguage(wanted, this.offered);
    if (match !== undefined) this.language = match;
    return match;
  }
}
