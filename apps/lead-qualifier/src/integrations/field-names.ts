import { FieldName as WireName } from '@tradeline/contracts';
import type { CapturedField as WireField } from '@tradeline/contracts';
import type { CapturedField, FieldName } from '../domain/captured-fields.js';
import { unknownValueHeard } from '../telemetry.js';

const NAMES: Readonly<Record<WireName, FieldName | undefined>> = {
  [WireName.UNSPECIFIED]: undefined,
  [WireName.CALLER_NAME]: 'caller_name',
  [WireName.CALLBACK_NUMBER]: 'callback_number',
  [WireName.EMAIL]: 'email',
  [WireName.JOB_SUMMARY]: 'job_summary',
  [WireName.PREFERRED_DATETIME]: 'preferred_datetime',
  [WireName.CONSENT_RECORDING]: 'consent_recording',
  [WireName.CONSENT_SMS_OPT_IN]: 'consent_sms_opt_in',
};

/** A field as it came on the bus; undefined, and said so in the log, when this release does not know its name. */
export const capturedFieldOf = (field: WireField): CapturedField | undefined => {
  const name = NAMES[field.name];
  if (name === undefined) {
    unknownValueHeard('field', field.name);
    return undefined;
  }
  return { name, value: field.value, utteranceSeq: field.utteranceSeq, readBack: field.readBack };
};

const WIRE_NAMES = new Map(
  Object.entries(NAMES).flatMap(([wire, name]) =>
    name === undefined ? [] : [[name, Number(wire) as WireName] as const],
  ),
);

/** A field as it is told to whoever asks for the transcript. */
export const wireFieldOf = (field: CapturedField) => ({
  name: WIRE_NAMES.get(field.name) ?? WireName.UNSPECIFIED,
  value: field.value,
  utteranceSeq: field.utteranceSeq,
  readBack: field.readBack,
});
