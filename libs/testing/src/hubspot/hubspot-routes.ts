import type { CrmRecord, HubSpotPortal, ObjectType } from './hubspot-portal.js';
import { badRequest, notFound } from './hubspot-refusals.js';
import { search } from './hubspot-search.js';
import type { SearchRequest } from './hubspot-search.js';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Json => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('Invalid input JSON');
  return value as Json;
};
const propertiesOf = (body: unknown): Json => asObject(asObject(body)['properties'] ?? {});
const inputsOf = (body: unknown): readonly Json[] => {
  const inputs = asObject(body)['inputs'];
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > 100)
    throw badRequest('inputs must hold 1 to 100 records');
  return inputs.map(asObject);
};

const asked = (names: readonly string[] | undefined, record: CrmRecord): Record<string, string | null> => {
  const all: Record<string, string> = {
    ...record.properties,
    hs_object_id: record.id,
    createdate: record.createdAt.toISOString(),
    lastmodifieddate: record.updatedAt.toISOString(),
  };
  if (!names || names.length === 0) return all;
  const always = ['hs_object_id', 'createdate', 'lastmodifieddate'];
  return Object.fromEntries([...always, ...names].map((name) => [name, all[name] ?? null]));
};

const shown = (record: CrmRecord, names?: readonly string[]): Json => ({
  id: record.id,
  properties: asked(names, record),
  createdAt: record.createdAt.toISOString(),
  updatedAt: record.updatedAt.toISOString(),
  archived: false,
});

const associateAsAsked = (portal: HubSpotPortal, record: CrmRecord, body: Json): void => {
  for (const link of (body['associations'] as readonly Json[] | undefined) ?? []) {
    const to = portal.get(record.type === 'calls' ? 'contacts' : 'calls', String(asObject(link['to'])['id']));
    for (const type of (link['types'] as readonly Json[] | undefined) ?? []) {
      portal.associate(record, to, Number(type['associationTypeId']));
    }
  }
};

const create = (portal: HubSpotPortal, type: ObjectType, body: unknown): CrmRecord => {
  const links = (asObject(body)['associations'] as readonly Json[] | undefined) ?? [];
  // The links are looked up before anything is written: HubSpot refuses the whole request.
  for (const link of links)
    portal.get(type === 'calls' ? 'contacts' : 'calls', String(asObject(link['to'])['id']));
  const record = portal.create(type, propertiesOf(body));
  associateAsAsked(portal, record, asObject(body));
  return record;
};

const upsert = (portal: HubSpotPortal, type: ObjectType, input: Json): Json => {
  const idProperty = String(input['idProperty'] ?? 'hs_object_id');
  const id = String(input['id']);
  const named = idProperty === 'hs_object_id' ? {} : { [idProperty]: id };
  try {
    const record = portal.get(type, id, idProperty);
    return { ...shown(portal.update(record, propertiesOf(input))), new: false };
  } catch (error) {
    if (
      !(error instanceof Error && 'status' in error && error.status === 404) ||
      idProperty === 'hs_object_id'
    )
      throw error;
    return { ...shown(portal.create(type, { ...named, ...propertiesOf(input) })), new: true };
  }
};

const batch = (
  portal: HubSpotPortal,
  type: ObjectType,
  verb: string,
  body: unknown,
  at: string,
): ApiAnswer => {
  const inputs = inputsOf(body);
  const each = (one: (input: Json) => unknown): unknown => ({
    status: 'COMPLETE',
    results: inputs.map(one),
    startedAt: at,
    completedAt: at,
  });
  const idProperty = asObject(body)['idProperty'];
  const find = (input: Json): CrmRecord =>
    portal.get(type, String(input['id']), (input['idProperty'] ?? idProperty) as string | undefined);
  if (verb === 'upsert') return { status: 200, body: each((input) => upsert(portal, type, input)) };
  if (verb === 'create') return { status: 201, body: each((input) => shown(create(portal, type, input))) };
  if (verb === 'update')
    return { status: 200, body: each((input) => shown(portal.update(find(input), propertiesOf(input)))) };
  if (verb === 'read')
    return {
      status: 200,
      body: each((input) => shown(find(input), asObject(body)['properties'] as string[])),
    };
  throw notFound();
};

const objects = (
  portal: HubSpotPortal,
  type: ObjectType,
  rest: string,
  request: ApiRequest,
  visibleUntil: Date,
): ApiAnswer => {
  const { method, query, body } = request;
  if (rest === '' && method === 'POST') return { status: 201, body: shown(create(portal, type, body)) };
  if (rest === 'search' && method === 'POST') {
    const wanted = asObject(body) as SearchRequest;
    const { found, total, after } = search(portal, type, wanted, visibleUntil);
    const results = found.map((record) => shown(record, wanted.properties));
    return { status: 200, body: { total, results, ...(after ? { paging: { next: { after } } } : {}) } };
  }
  if (rest.startsWith('batch/') && method === 'POST')
    return batch(portal, type, rest.slice(6), body, new Date().toISOString());
  const record = portal.get(type, decodeURIComponent(rest), query.get('idProperty') ?? undefined);
  if (method === 'GET')
    return {
      status: 200,
      body: shown(
        record,
        query.getAll('properties').flatMap((names) => names.split(',')),
      ),
    };
  if (method === 'PATCH') return { status: 200, body: shown(portal.update(record, propertiesOf(body))) };
  throw notFound();
};

const associations = (portal: HubSpotPortal, match: RegExpExecArray, request: ApiRequest): ApiAnswer => {
  const [, fromType, fromId, byDefault, toType, toId] = match as unknown as [
    string,
    ObjectType,
    string,
    string?,
    ObjectType?,
    string?,
  ];
  const from = portal.get(fromType, fromId);
  if (request.method === 'GET' && toType) {
    const links = portal.associations.filter((link) => link.fromId === from.id && link.toType === toType);
    const results = links.map((link) => ({
      toObjectId: link.toId,
      associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: link.typeId, label: null }],
    }));
    return { status: 200, body: { results } };
  }
  if (request.method !== 'PUT' || !toType || !toId) throw notFound();
  const to = portal.get(toType, toId);
  const types = byDefault
    ? [undefined]
    : (request.body as readonly Json[]).map((type) => Number(type['associationTypeId']));
  const made = types.map((type) => portal.associate(from, to, type));
  return {
    status: 200,
    body: {
      status: 'COMPLETE',
      results: made.map((link) => ({ from: { id: link.fromId }, to: { id: link.toId } })),
    },
  };
};

/**
 * What the official client calls: v3 objects and properties, v4 associations; the date-based object paths that
 * replace v3 answer alike.
 */
export const answer = (portal: HubSpotPortal, request: ApiRequest, visibleUntil: Date): ApiAnswer => {
  const object = /^\/crm\/(?:v3\/objects|objects\/\d{4}-\d{2})\/(contacts|calls)(?:\/(.+))?$/.exec(
    request.path,
  );
  if (object) return objects(portal, object[1] as ObjectType, object[2] ?? '', request, visibleUntil);
  const link =
    /^\/crm\/v4\/objects\/(contacts|calls)\/(\d+)\/associations\/(default\/)?(contacts|calls)(?:\/(\d+))?$/.exec(
      request.path,
    );
  if (link) return associations(portal, link, request);
  const group = /^\/crm\/v3\/properties\/(contacts|calls)\/groups$/.exec(request.path);
  if (group && request.method === 'POST') {
    const body = asObject(request.body);
    portal.defineGroup(group[1] as ObjectType, String(body['name']));
    return { status: 201, body };
  }
  const property = /^\/crm\/v3\/properties\/(contacts|calls)(?:\/([a-z0-9_]+))?$/.exec(request.path);
  if (property) {
    const type = property[1] as ObjectType;
    if (request.method === 'GET' && property[2])
      return { status: 200, body: portal.property(type, property[2]) };
    if (request.method === 'POST')
      return { status: 201, body: portal.defineProperty(type, asObject(request.body)) };
  }
  throw notFound();
};
