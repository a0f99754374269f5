import type { DialogueItem } from './dialogue-turn.js';
import { isFieldName, type FieldName } from './fields.js';

/** What the latest state item says is known; the model has no other memory of the fields. */
export interface KnownState {
  readonly known: ReadonlyMap<FieldName, string>;
  /** Undefined when there is no state item. */
  readonly missing: readonly FieldName[] | undefined;
}

export function latestState(items: readonly DialogueItem[]): KnownState {
  const text = items.findLast((item) => item.kind === 'system' && /known so far:/iu.test(item.text));
  if (text?.kind !== 'system') return { known: new Map(), missing: undefined };
  const known = new Map<FieldName, string>();
  for (const [, name = '', value = ''] of text.text.matchAll(/^\s*[-*]\s*([a-z_]+)\s*:\s*(.+)$/gmu)) {
    if (isFieldName(name)) known.set(name, value.trim());
  }
  const missing = /still to find out:\s*(.*)$/imu.exec(text.text)?.[1] ?? '';
  return {
    known,
    missing: missing
      .split(',')
      .map((name) => name.trim().replace(/\.$/u, ''))
      .filter(isFieldName),
  };
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
