import type { Vocabulary } from '../languages/index.js';

const WRITTEN = /[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/giu;

export interface FoundEmail {
  readonly address: string;
  /** The text without the address, so that its digits are not taken for a phone number. */
  readonly rest: string;
}

/** The e-mail address in a sentence, written or dictated ("marie dot tremblay at example dot com"); of several the last. */
export function findEmailAddress(text: string, vocabulary: Vocabulary): FoundEmail | undefined {
  const written = text.match(WRITTEN)?.at(-1);
  if (written)
    return { address: written.toLowerCase().replace(/\.$/u, ''), rest: text.replaceAll(WRITTEN, ' ') };
  return findDictated(text, vocabulary);
}

function findDictated(text: string, vocabulary: Vocabulary): FoundEmail | undefined {
  const tokens = withSymbols(text, vocabulary);
  for (let at = tokens.lastIndexOf('@'); at > 0; at = tokens.lastIndexOf('@', at - 1)) {
    const from = startOfLocalPart(tokens, at);
    const to = endOfDomain(tokens, at);
    const local = tokens.slice(from, at).join('');
    const domain = tokens.slice(at + 1, to).join('');
    if (/^[a-z0-9._-]+$/u.test(local) && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/u.test(domain)) {
      return {
        address: `${local}@${domain}`,
        rest: [...tokens.slice(0, from), ...tokens.slice(to)].join(' '),
      };
    }
  }
  return undefined;
}

/** Words of the sentence with the spoken symbols as symbols. */
function withSymbols(text: string, { at, dot, dash, underscore }: Vocabulary): string[] {
  let lower = ` ${text
    .toLowerCase()
    .replace(/[.,;:!?](?=\s|$)/gu, ' ')
    .replace(/\s+/gu, ' ')} `;
  // Longer names first: "guion bajo" before "guion".
  for (const [symbol, names] of [
    ['_', underscore],
    ['-', dash],
    ['@', at],
    ['.', dot],
  ] as const) {
    for (const name of names) lower = lower.replaceAll(` ${name} `, ` ${symbol} `);
  }
  return lower.trim().split(' ').map(withoutAccents);
}

function startOfLocalPart(tokens: readonly string[], at: number): number {
  let from = at - 1;
  while (from > 0 && belongTogether(tokens[from - 1] ?? '', tokens[from] ?? '')) from -= 1;
  return from;
}

function endOfDomain(tokens: readonly string[], at: number): number {
  let to = at + 2;
  while (to < tokens.length && (/^[._-]$/u.test(tokens[to] ?? '') || /^[._-]$/u.test(tokens[to - 1] ?? '')))
    to += 1;
  return to;
}

/** A symbol binds both its neighbours; letters that are spelled one by one bind each other, as do digits after a word. */
function belongTogether(left: string, right: string): boolean {
  if (/^[._-]$/u.test(left) || /^[._-]$/u.test(right)) return true;
  return (
    (/^[a-z0-9]$/u.test(left) && /^[a-z0-9]$/u.test(right)) ||
    (/^[a-z]{2,}$/u.test(left) && /^\d+$/u.test(right))
  );
}

function withoutAccents(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '');
}
