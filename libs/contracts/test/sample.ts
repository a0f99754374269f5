import { fromJson, type DescField, type DescMessage, type JsonValue, type Message } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';

const TIMESTAMP = 'google.protobuf.Timestamp';

const scalar = (type: ScalarType, field: DescField): JsonValue => {
  switch (type) {
    case ScalarType.STRING:
      return `a ${field.name}`;
    case ScalarType.BOOL:
      return true;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return field.number + 0.5;
    case ScalarType.BYTES:
      return 'AQID';
    default:
      return field.number;
  }
};

const value = (
  field: DescField,
  kind: { scalar?: ScalarType; message?: DescMessage; enum?: DescField['enum'] },
): JsonValue => {
  if (kind.message)
    return kind.message.typeName === TIMESTAMP ? '2026-11-22T09:00:00.123Z' : json(kind.message);
  if (kind.enum) return kind.enum.values.find(({ number }) => number !== 0)?.name ?? 0;
  return scalar(kind.scalar ?? ScalarType.STRING, field);
};

const json = (schema: DescMessage): { [name: string]: JsonValue } =>
  Object.fromEntries(
    schema.fields.map((field) => {
      const one = value(
        field,
        field as { scalar?: ScalarType; message?: DescMessage; enum?: DescField['enum'] },
      );
      if (field.fieldKind === 'list') return [field.jsonName, [one]];
      if (field.fieldKind === 'map') return [field.jsonName, { 'fr-CA': one }];
      return [field.jsonName, one];
    }),
  );

/** A message with every field set to something that is not its default. */
export const sampleOf = (schema: DescMessage): Message => fromJson(schema, json(schema));
