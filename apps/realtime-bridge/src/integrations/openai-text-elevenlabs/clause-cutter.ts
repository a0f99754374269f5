/** The end of a sentence, with closing quotes; what follows without a space (3.5, a.b@c.ca) is no end. */
const SENTENCE_END = /[.!?…]+["'»”)]*\s+/gu;
const CLAUSE_END = /[,;:–—]\s+/gu;
/** Shorter sentences wait for the next one: "Dr." is none, and "Sure!" alone is spoken without its melody. */
const MIN_SENTENCE = 12;
/** From this length on a comma is reason enough to begin to speak. */
const MIN_CLAUSE = 40;
/** Nobody waits longer than this for a full stop. */
const MAX_CLAUSE = 180;

const lastEnd = (text: string, pattern: RegExp, least: number): number => {
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const after = match.index + match[0].length;
    if (after >= least) end = after;
  }
  return end;
};

/** Cuts a text that comes in pieces into clauses that can be spoken each on its own; each ends with a space. */
export class ClauseCutter {
  private waiting = '';

  /** The clauses that the piece has completed. */
  add(piece: string): string[] {
    this.waiting += piece;
    const end =
      lastEnd(this.waiting, SENTENCE_END, MIN_SENTENCE) ||
      lastEnd(this.waiting, CLAUSE_END, MIN_CLAUSE) ||
      (this.waiting.length > MAX_CLAUSE ? this.waiting.lastIndexOf(' ') + 1 : 0);
    return end > 0 ? this.take(end) : [];
  }

  /** What is left when no more text comes. */
  rest(): string[] {
    return this.take(this.waiting.length);
  }

  private take(end: number): string[] {
    const clause = this.waiting.slice(0, end);
    this.waiting = this.waiting.slice(end);
    return clause.trim() === '' ? [] : [`${clause.trim()} `];
  }
}
