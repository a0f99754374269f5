import type { DialogueItem } from './dialogue-turn.js';
import { isFieldName, type FieldName } from './fields.js';

/** What the latest state item says is known; the model has no other memory of the fields. */
export interface KnownState {
  readonly known: ReadonlyMap<FieldName, string>;
  /** Fields whose value stands between quotation marks, from the first character to the last. */
  readonly quoted: ReadonlySet<FieldName>;
  /** Undefined when there is no state item. */
  readonly missing: readonly FieldName[] | undefined;
}

export function latestState(items: readonly DialogueItem[]): KnownState {
  const state = items.findLast((item) => item.kind === 'system' && /^known so far\b/imu.test(item.text));
  if (state?.kind !== 'system') return { known: new Map(), quoted: new Set(), missing: undefined };
  const { text } = state;
  const known = new Map<FieldName, string>();
  const quoted = new Set<FieldName>();
  for (const [, name = '', value = ''] of text.matchAll(/^\s*[-*]\s*([a-z_]+)\s*:\s*(.+)$/gmu)) {
    if (!isFieldName(name)) continue;
    const unquoted = insideQuotes(value.trim());
    known.set(name, unquoted ?? value.trim());
    if (unquoted !== undefined) quoted.add(name);
  }
  const missing = /^still to find out:\s*(.*)$/imu.exec(text)?.[1] ?? '';
  return {
    known,
    quoted,
    missing: missing
      .split(',')
      .map((name) => name.trim().replace(/\.$/u, ''))
      .filter(isFieldName),
  };
}

function insideQuotes(value: string): string | undefined {
  try {
    const read: unknown = JSON.parse(value);
    return typeof read === 'string' ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two values of a field mean the same. */
export function isSameValue(name: FieldName, a: string, b: string): boolean {
  return plain(name, a) === plain(name, b);
}

function plain(name: FieldName, value: string): string {
  // A country code in front does not make another number.
  return name === 'callback_number'
    ? value.replace(/\D/gu, '').slice(-10)
    : value.toLowerCase().replace(/[^\p{L}\p{N}@.]/gu, '');
}
