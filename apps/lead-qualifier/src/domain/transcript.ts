export type Speaker = 'caller' | 'assistant';

/** One final utterance; the assistant's hold only what the caller heard. */
export interface Utterance {
  /** 1, 2, 3, ... without gaps within a conversation. */
  readonly seq: number;
  readonly speaker: Speaker;
  readonly text: string;
  /** BCP-47 */
  readonly language: string;
  /** Milliseconds since the stream's start. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The caller spoke over it, and the rest was not heard. */
  readonly interrupted: boolean;
}

/** In the order they were said, whatever the order they arrived in. */
export const inOrder = (utterances: readonly Utterance[]): Utterance[] =>
  [...utterances].sort((a, b) => a.seq - b.seq);

/** The utterances that a conversation had and we do not have (yet). */
export const missingSeqs = (utterances: readonly Utterance[], lastSeq: number): number[] => {
  const present = new Set(utterances.map((utterance) => utterance.seq));
  return Array.from({ length: lastSeq }, (_, index) => index + 1).filter((seq) => !present.has(seq));
};

/** What the caller said; sounds that were transcribed as nothing are left out. */
export const saidByCaller = (utterances: readonly Utterance[]): Utterance[] =>
  inOrder(utterances).filter(
    (utterance) => utterance.speaker === 'caller' && /[\p{L}\p{N}]/u.test(utterance.text),
  );

/** The language the caller spoke most, by words; undefined when the caller said nothing. */
export const callerLanguage = (utterances: readonly Utterance[]): string | undefined => {
  const words = new Map<string, number>();
  for (const { language, text } of saidByCaller(utterances)) {
    if (language !== '') words.set(language, (words.get(language) ?? 0) + text.split(/\s+/).length);
  }
  return [...words].sort((a, b) => b[1] - a[1])[0]?.[0];
};
