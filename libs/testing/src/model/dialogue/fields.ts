/** What a receptionist finds out about a caller. */
export const FIELD_NAMES = [
  'caller_name',
  'callback_number',
  'email',
  'job_summary',
  'preferred_datetime',
  'consent_recording',
  'consent_sms_opt_in',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

export function isFieldName(name: string): name is FieldName {
  return (FIELD_NAMES as readonly string[]).includes(name);
}
