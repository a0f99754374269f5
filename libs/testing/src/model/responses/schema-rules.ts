/** A JSON schema as far as strict mode allows it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** What strict mode does not take (https://platform.openai.com/docs/guides/structured-outputs). */
const UNSUPPORTED = [
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'oneOf',
  'patternProperties',
];

/** Says what strict mode would refuse in a schema; undefined when it takes it. */
export function strictFault(schema: unknown, path = ''): string | undefined {
  if (typeof schema !== 'object' || schema === null)
    return `In context=(${path}), a schema must be an object.`;
  const { type, properties, required, additionalProperties, items, anyOf, $defs, definitions } =
    schema as JsonSchema;
  const unsupported = UNSUPPORTED.find((keyword) => keyword in schema);
  if (unsupported) return `In context=(${path}), '${unsupported}' is not permitted.`;
  if (path === '' && type !== 'object')
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(type)}"'.`;
  if (properties) {
    if (additionalProperties !== false)
      return `In context=(${path}), 'additionalProperties' is required to be supplied and to be false.`;
    const absent = Object.keys(properties).find((name) => !required?.includes(name));
    if (absent)
      return `In context=(${path}), 'required' is required to be supplied and to be an array including every key in properties. Missing '${absent}'.`;
  }
  const parts = {
    ...properties,
    ...$defs,
    ...definitions,
    ...(items ? { items } : {}),
    ...Object.fromEntries((anyOf ?? []).map((one, index) => [`anyOf.${index}`, one])),
  };
  for (const [name, part] of Object.entries(parts)) {
    const fault = strictFault(part, path ? `${path}, ${name}` : name);
    if (fault) return fault;
  }
  return undefined;
}
