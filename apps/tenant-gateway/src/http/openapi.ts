import { z } from 'zod';
import type { Route } from './route.js';

type Json = Record<string, unknown>;

const PROBLEM_TITLES: Readonly<Record<number, string>> = {
  400: 'Not valid; errors lists every wrong field',
  401: 'Not signed in',
  403: 'The key may not do this',
  404: "Not found, or another account's",
  409: 'In conflict with what is there',
  413: 'The body is too large',
  429: 'Too many requests; Retry-After says how long to wait',
  503: 'For the moment not available',
};

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    trace_id: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

/** Turns zod schemas into JSON Schema 2020-12, which is what OpenAPI 3.1 takes; named ones are collected. */
class Components {
  readonly schemas: Record<string, Json> = {};

  /** @param io what a client sends may leave out what has a default; what it gets has it. */
  reference(schema: z.ZodType, io: 'input' | 'output'): Json {
    const suffix = io === 'input' ? 'Input' : '';
    const {
      $schema: _,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, { io, reused: 'inline' }) as Json & { $defs?: Record<string, Json> };
    for (const [name, definition] of Object.entries($defs))
      this.schemas[name + suffix] = this.#rename(definition, suffix);
    const renamed = this.#rename(json, suffix);
    const name = (schema.meta()?.['id'] as string | undefined) ?? '';
    if (!name) return renamed;
    // Depending on where it is used, a named schema comes as itself or as a reference to its own definition.
    if (!('$ref' in renamed)) this.schemas[name + suffix] = renamed;
    return { $ref: `#/components/schemas/${name}${suffix}` };
  }

  #rename(json: Json, suffix: string): Json {
    const text = JSON.stringify(json, (key, value: unknown) => {
      // The name of a schema in zod, which is no keyword of JSON Schema.
      if (key === 'id' && typeof value === 'string') return undefined;
      // An answer may get new fields; a client that refused them would break.
      if (key === 'additionalProperties' && value === false && suffix === '') return undefined;
      return value;
    });
    return JSON.parse(text.replace(/"#\/\$defs\/(\w+)"/g, `"#/components/schemas/$1${suffix}"`)) as Json;
  }
}

const parameters = (
  components: Components,
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
): Json[] =>
  Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const json = components.reference(field as z.ZodType, 'input');
    const { description, ...rest } = json;
    const required = place === 'path' || !z.safeParse(field as z.ZodType, undefined).success;
    return { name, in: place, required, ...(description ? { description } : {}), schema: rest };
  });

const problemsOf = (route: Route): number[] => {
  const takesInput = Boolean(route.params ?? route.query ?? route.body);
  const signedIn = route.needs === 'none' ? [] : route.needs === 'operator' ? [401] : [401, 403, 429];
  return [
    ...new Set([
      ...(takesInput ? [400] : []),
      ...signedIn,
      ...(route.body ? [413] : []),
      ...(route.problems ?? []),
    ]),
  ].sort();
};

const answers = (components: Components, route: Route): Json => {
  const status = route.status ?? (route.response || route.responseType ? 200 : 204);
  const content = route.response
    ? { 'application/json': { schema: components.reference(route.response, 'output') } }
    : route.responseType
      ? { [route.responseType]: { schema: { type: 'string' } } }
      : undefined;
  const problemContent = { 'application/problem+json': { schema: components.reference(problem, 'output') } };
  return Object.fromEntries([
    [String(status), { description: status === 204 ? 'Done' : 'Success', ...(content ? { content } : {}) }],
    ...problemsOf(route).map((code) => [
      String(code),
      { description: PROBLEM_TITLES[code] ?? '', content: problemContent },
    ]),
  ]) as Json;
};

const operation = (components: Components, route: Route): Json => ({
  tags: [route.tag],
  summary: route.summary,
  operationId: `${route.method}${route.path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
  ...(route.description ? { description: route.description } : {}),
  security:
    route.needs === 'none'
      ? []
      : route.needs === 'operator'
        ? [{ operatorToken: [] }]
        : [{ apiKey: [route.needs] }],
  parameters: [
    ...parameters(components, 'path', route.params),
    ...parameters(components, 'query', route.query),
  ],
  ...(route.body
    ? {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: components.reference(route.body, 'input') } },
        },
      }
    : {}),
  responses: answers(components, route),
});

/** The OpenAPI 3.1 description of these routes. */
export const describeRoutes = (routes: readonly Route[], publicUrl: string): Json => {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(components, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'TradeLine 24/7',
      version: '1.0.0',
      description:
        'Calls, leads, deliveries, figures and settings of one business. Errors are RFC 9457 problem documents.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key: tl_<id>_<secret>. Each operation names the scope it needs.',
        },
        operatorToken: { type: 'http', scheme: 'bearer', description: "The operator's token." },
      },
    },
  };
};
