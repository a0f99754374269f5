import { plainText } from './plain-text.js';

/** Longer than any value that is accepted; a value from elsewhere must not fill the model's memory either. */
const MAX_TOLD_CHARACTERS = 500;

/** The seven things a conversation may find out, by the names that the tools use. */
export const FIELD_NAMES = [
  'caller_name',
  'callback_number',
  'email',
  'job_summary',
  'preferred_datetime',
  'consent_recording',
  'consent_sms_opt_in',
] as const;

export type FieldKey = (typeof FIELD_NAMES)[number];

/** What every call asks for, in this order. Consents are asked for only where they are due. */
export const FIELDS_TO_FIND = [
  'caller_name',
  'callback_number',
  'email',
  'job_summary',
  'preferred_datetime',
] as const satisfies readonly FieldKey[];

export interface Captured {
  readonly name: FieldKey;
  readonly value: string;
  /** The caller's item it was taken from; empty when it cannot be told. */
  readonly evidenceItemId: string;
  readonly readBack: boolean;
}

export type CaptureOutcome =
  | { readonly kind: 'captured' | 'replaced' | 'unchanged'; readonly field: Captured }
  | { readonly kind: 'refused'; readonly reason: string };

/** Brings a value into the form its field promises, or says what is wrong with it in words the model can act on. */
export type Normalise = (
  name: FieldKey,
  value: string,
) => { readonly value: string } | { readonly reason: string };

/** What is known of the caller, and what proves it. A correction replaces what was known before. */
export class ConversationState {
  private readonly fields = new Map<FieldKey, Captured>();

  constructor(private readonly normalise: Normalise) {}

  capture(name: FieldKey, rawValue: string, evidenceItemId: string, readBack: boolean): CaptureOutcome {
    const normalised = this.normalise(name, rawValue.trim());
    if ('reason' in normalised) return { kind: 'refused', reason: normalised.reason };
    const known = this.fields.get(name);
    if (known && known.value === normalised.value && (known.readBack || !readBack))
      return { kind: 'unchanged', field: known };
    // Saying a value back does not prove it anew: the evidence stays where the caller said it.
    const evidence = known && known.value === normalised.value ? known.evidenceItemId : evidenceItemId;
    const field: Captured = { name, value: normalised.value, evidenceItemId: evidence, readBack };
    this.fields.set(name, field);
    return { kind: known && known.value !== field.value ? 'replaced' : 'captured', field };
  }

  /** Takes over what another stream of the conversation had captured. */
  restore(fields: readonly Captured[]): void {
    for (const field of fields) this.fields.set(field.name, field);
  }

  all(): readonly Captured[] {
    return FIELD_NAMES.flatMap((name) => this.fields.get(name) ?? []);
  }

  missing(): readonly FieldKey[] {
    return FIELDS_TO_FIND.filter((name) => !this.fields.has(name));
  }

  /** The model's memory of the state, as one text. It keeps the model from asking twice. */
  describe(): string {
    const missing = this.missing();
    return [
      'Known so far (in quotation marks, what the caller said):',
      ...this.all().map(({ name, value }) => `- ${name}: ${quoted(value)}`),
      `Still to find out: ${missing.length === 0 ? 'nothing' : missing.join(', ')}`,
    ].join('\n');
  }
}

/**
 * A caller's words, between quotation marks that they cannot close and on a line that they cannot leave: nothing in
 * them can pass for a line of ours.
 */
const quoted = (value: string): string => JSON.stringify(plainText(value).slice(0, MAX_TOLD_CHARACTERS));
