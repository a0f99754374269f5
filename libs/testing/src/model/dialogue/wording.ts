import type { Sentences } from './languages/index.js';

/** Fills the placeholders of a sentence; a full stop that a value brings along is not doubled. */
export function fill(sentence: string, values: Readonly<Record<string, string>> = {}): string {
  return sentence
    .replace(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
    .replace(/\.\.$/u, '.')
    .replace(/([?!])\.$/u, '$1');
}

/** Without the rule of brevity, a turn grows to at least this many sentences. */
const RAMBLING_SENTENCES = 4;

/** Two sentences at most where the instructions ask for brevity; otherwise the model likes to hear itself. */
export function compose(sentences: readonly string[], isBrief: boolean, says: Sentences): string {
  const wanted = sentences.filter(Boolean);
  if (isBrief) return wanted.slice(-2).join(' ');
  const padding = says.rambling.slice(0, Math.max(2, RAMBLING_SENTENCES - wanted.length));
  return [...wanted.slice(0, -1), ...padding, ...wanted.slice(-1)].join(' ');
}
