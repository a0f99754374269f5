import { FIELD_NAMES, type FieldKey } from './conversation-state.js';

/** A function the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: object;
}

export const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'capture_field',
    description: 'Stores one thing the caller has told you. Call it again when the caller corrects it.',
    parameters: {
      type: 'object',
      properties: {
        name: { type: 'string', enum: [...FIELD_NAMES] },
        value: {
          type: 'string',
          description: 'What the caller said; numbers as digits, e-mail addresses as they are written.',
        },
        read_back: {
          type: 'boolean',
          description: 'True when you have said it back and the caller did not object.',
        },
      },
      required: ['name', 'value', 'read_back'],
      additionalProperties: false,
    },
  },
  {
    name: 'switch_language',
    description:
      'Call it when the caller speaks another of the languages on offer, then answer in that language.',
    parameters: {
      type: 'object',
      properties: { language: { type: 'string', description: 'BCP-47, e.g. "fr-CA".' } },
      required: ['language'],
      additionalProperties: false,
    },
  },
  {
    name: 'end_call',
    description: 'Ends the call, after you have said good-bye.',
    parameters: {
      type: 'object',
      properties: { reason: { type: 'string' } },
      required: ['reason'],
      additionalProperties: false,
    },
  },
];

export type ToolRequest =
  | {
      readonly tool: 'capture_field';
      readonly name: FieldKey;
      readonly value: string;
      readonly readBack: boolean;
    }
  | { readonly tool: 'switch_language'; readonly language: string }
  | { readonly tool: 'end_call' }
  | { readonly tool: 'unknown'; readonly problem: string };

const isFieldKey = (name: unknown): name is FieldKey => FIELD_NAMES.some((known) => known === name);

const parseArguments = (json: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(json === '' ? '{}' : json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};

/** Reads a tool call; a model may misspell anything, and is then told so. */
export const readToolCall = (name: string, argumentsJson: string): ToolRequest => {
  const given = parseArguments(argumentsJson);
  if (!given) return { tool: 'unknown', problem: 'The arguments are not a JSON object.' };
  switch (name) {
    case 'capture_field':
      if (!isFieldKey(given.name))
        return { tool: 'unknown', problem: `There is no such field. Fields: ${FIELD_NAMES.join(', ')}.` };
      if (typeof given.value !== 'string') return { tool: 'unknown', problem: 'The value must be a string.' };
      return {
        tool: 'capture_field',
        name: given.name,
        value: given.value,
        readBack: given.read_back === true,
      };
    case 'switch_language':
      if (typeof given.language !== 'string')
        return { tool: 'unknown', problem: 'The language must be a string.' };
      return { tool: 'switch_language', language: given.language };
    case 'end_call':
      return { tool: 'end_call' };
    default:
      return { tool: 'unknown', problem: 'There is no such tool.' };
  }
};
