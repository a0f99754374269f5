import type { z } from 'zod';
import { Refusal } from './refusal.js';

type Issue = z.core.$ZodIssue;

/** Tells a failed check of a client event in the API's words. */
export function refusalOf(error: z.ZodError, event: unknown): Refusal {
  const issue = innermost(error.issues[0], []);
  if (!issue) return new Refusal('invalid_value', 'Invalid event.');
  const { path } = issue;
  const param = nameOf(path);
  const value = valueAt(event, path);
  if (issue.issue.code === 'unrecognized_keys') {
    const unknown = nameOf([...path, issue.issue.keys[0] ?? '']);
    return new Refusal('unknown_parameter', `Unknown parameter: '${unknown}'.`, unknown);
  }
  if (value === undefined)
    return new Refusal('missing_required_parameter', `Missing required parameter: '${param}'.`, param);
  if (issue.issue.code === 'invalid_type') {
    return new Refusal(
      'invalid_type',
      `Invalid type for '${param}': expected ${issue.issue.expected}, but got ${typeName(value)} instead.`,
      param,
    );
  }
  return new Refusal(
    'invalid_value',
    `Invalid value for '${param}': ${JSON.stringify(value)?.slice(0, 120) ?? ''}. ${issue.issue.message}`,
    param,
  );
}

/** A union complains once per alternative: the alternative that came furthest says what is meant. */
function innermost(
  issue: Issue | undefined,
  base: PropertyKey[],
): { issue: Issue; path: PropertyKey[] } | undefined {
  if (!issue) return undefined;
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return { issue, path };
  const nested = issue.errors
    .map((alternative) => innermost(alternative[0], path))
    .filter((found) => found !== undefined)
    .sort((a, b) => b.path.length - a.path.length)[0];
  return nested && nested.path.length > path.length ? nested : { issue, path };
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name ? `${name}.${String(key)}` : String(key),
    '',
  );
}

function valueAt(event: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    event,
  );
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
