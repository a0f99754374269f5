import type { FieldName } from '../dialogue/fields.js';
import type { TranscriptReading } from './reading.js';
import type { JsonSchema } from './schema-rules.js';

/** Which of our findings a property asks for, by its name. The first that fits is taken. */
const FIELD_BY_NAME: readonly (readonly [RegExp, FieldName])[] = [
  [/e_?mail/iu, 'email'],
  [/phone|number|callback/iu, 'callback_number'],
  [/name/iu, 'caller_name'],
  [/prefer|date|time|when/iu, 'preferred_datetime'],
  [/job|problem|need|request|service|issue/iu, 'job_summary'],
  [/consent.*record/iu, 'consent_recording'],
  [/consent.*(?:sms|text)/iu, 'consent_sms_opt_in'],
];
/** Which value of an enum fits what kind of call. */
const ENUM_BY_KIND = {
  unsolicited: /offer|spam|sales|robo|unsolicited/iu,
  job: /new|lead|quote|job|work|booking/iu,
  question: /question|info|inquir|service/iu,
  nothing: /none|other|unknown/iu,
} as const;
const SUMMARY_WORDS = 40;

/** A value that fits the schema and says what the transcript says; what was not said is null, or empty where null is not allowed. */
export function answerFor(
  schema: JsonSchema,
  reading: TranscriptReading,
  root: JsonSchema = schema,
  name = '',
): unknown {
  if (schema.$ref) return answerFor(resolve(schema.$ref, root), reading, root, name);
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) return alternative(schema.anyOf, reading, root, name);
  if (schema.enum) return enumValue(schema.enum, reading, name);
  const types = Array.isArray(schema.type) ? (schema.type as readonly string[]) : [schema.type];
  const type = types.find((one) => one !== 'null') ?? 'null';
  const value = valueOf(type as string, schema, reading, root, name);
  return value === undefined ? (types.includes('null') ? null : emptyOf(type as string)) : value;
}

function valueOf(
  type: string,
  schema: JsonSchema,
  reading: TranscriptReading,
  root: JsonSchema,
  name: string,
): unknown {
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, part]) => [
          key,
          answerFor(part, reading, root, key),
        ]),
      );
    case 'array':
      return arrayOf(schema, reading, root, name);
    case 'string':
      return textFor(name, reading);
    case 'boolean':
      return truthOf(name, reading);
    case 'number':
    case 'integer':
      return Math.max(
        schema.minimum ?? 0,
        Math.min(schema.maximum ?? 100, Math.round((scoreOf(reading) / 100) * (schema.maximum ?? 100))),
      );
    default:
      return null;
  }
}

/** "Something or null": the something, unless there is nothing to say. */
function alternative(
  schemas: readonly JsonSchema[],
  reading: TranscriptReading,
  root: JsonSchema,
  name: string,
): unknown {
  const isNullable = schemas.some((schema) => schema.type === 'null');
  const main = schemas.find((schema) => schema.type !== 'null');
  if (!main) return null;
  if (isNullable && main.type === 'string' && !main.enum) return textFor(name, reading) ?? null;
  return answerFor(main, reading, root, name);
}

function textFor(name: string, reading: TranscriptReading): string | undefined {
  if (/summary|notes?$|description/iu.test(name) && !/job/iu.test(name)) return summaryOf(reading);
  if (/language|locale/iu.test(name)) return reading.language;
  if (/reason|explan/iu.test(name)) return summaryOf(reading);
  const field = FIELD_BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  return field && reading.fields[field];
}

/** "Marie Tremblay: My tap leaks. Tomorrow at nine." It does not translate: what the caller said stays as it is. */
function summaryOf({ fields, callerText, isUnsolicited }: TranscriptReading): string {
  const told = [fields.job_summary, fields.preferred_datetime].filter((part) => part !== undefined);
  if (isUnsolicited || (told.length === 0 && !fields.caller_name)) return atMostWords(callerText);
  const sentences = told.map(
    (part) => `${part.charAt(0).toLocaleUpperCase()}${part.slice(1).replace(/[.!?]+$/u, '')}.`,
  );
  return atMostWords([...(fields.caller_name ? [`${fields.caller_name}:`] : []), ...sentences].join(' '));
}

function atMostWords(text: string): string {
  return text.split(/\s+/u).slice(0, SUMMARY_WORDS).join(' ');
}

function enumValue(values: readonly unknown[], reading: TranscriptReading, name: string): unknown {
  if (/language|locale/iu.test(name))
    return values.find((value) => String(value).startsWith(reading.language)) ?? values[0];
  const pattern = ENUM_BY_KIND[kindOf(reading)];
  return (
    values.find((value) => pattern.test(String(value))) ??
    values.find((value) => ENUM_BY_KIND.nothing.test(String(value))) ??
    values[0]
  );
}

function kindOf({ isUnsolicited, fields, asksSomething }: TranscriptReading): keyof typeof ENUM_BY_KIND {
  if (isUnsolicited) return 'unsolicited';
  if (fields.job_summary ?? fields.preferred_datetime) return 'job';
  return asksSomething ? 'question' : 'nothing';
}

function truthOf(name: string, reading: TranscriptReading): boolean {
  if (/urgent|emergency/iu.test(name)) return reading.isUrgent;
  if (/spam|robo|unsolicited|sales/iu.test(name)) return reading.isUnsolicited;
  if (/consent.*record/iu.test(name)) return reading.fields.consent_recording === 'yes';
  if (/consent|opt_?in/iu.test(name)) return reading.fields.consent_sms_opt_in === 'yes';
  return !reading.isUnsolicited && kindOf(reading) !== 'nothing';
}

function scoreOf({ fields, isUnsolicited, isUrgent }: TranscriptReading): number {
  return isUnsolicited ? 0 : Math.min(100, Object.keys(fields).length * 18 + (isUrgent ? 10 : 0));
}

function arrayOf(schema: JsonSchema, reading: TranscriptReading, root: JsonSchema, name: string): unknown[] {
  const wanted = Math.max(schema.minItems ?? 0, /reason/iu.test(name) ? 1 : 0);
  return Array.from({ length: wanted }, () =>
    answerFor(schema.items ?? { type: 'string' }, reading, root, name),
  );
}

function emptyOf(type: string): unknown {
  return type === 'string' ? '' : null;
}

function resolve(ref: string, root: JsonSchema): JsonSchema {
  if (ref === '#') return root;
  const name = ref.split('/').at(-1) ?? '';
  return root.$defs?.[name] ?? root.definitions?.[name] ?? {};
}
