import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { INestApplication } from '@nestjs/common';
import { CallAnsweredSchema } from '@tradeline/contracts';
import { EventPublisher } from '@tradeline/messaging';
import { eventually } from '@tradeline/testing';
import { answerAsLeads, answerAsTelephony, Gateway } from './gateway-under-test.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

let gateway: Gateway;
let keyA: string;
let keyB: string;
let telephony: INestApplication;
let leads: INestApplication;

beforeAll(async () => {
  gateway = await Gateway.start();
  telephony = await answerAsTelephony(gateway.nats);
  leads = await answerAsLeads(gateway.nats);
  keyA = await gateway.createTenant('Alpha Plumbing', 'tn_a');
  keyB = await gateway.createTenant('Beta Electric', 'tn_b');
});
afterAll(async () => {
  await Promise.all([telephony.close(), leads.close()]);
  await gateway.stop();
});

describe('a key', () => {
  it.each([
    ['none', undefined],
    ['no key at all', 'secret'],
    ['a key of nobody', `tl_${'0'.repeat(16)}_${'a'.repeat(43)}`],
  ])('that is %s opens nothing', async (_name, key) => {
    for (const path of [
      '/v1/calls',
      '/v1/calls/ca_1',
      '/v1/leads',
      '/v1/numbers',
      '/v1/events',
      '/v1/keys',
    ]) {
      const { status, headers, body } = await gateway.ask('GET', path, key);
      expect(status).toBe(401);
      expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
      expect(headers.get('Content-Type')).toContain('application/problem+json');
      expect(body).toMatchObject({ title: 'Not signed in', status: 401 });
    }
  });

  it('with a wrong secret opens nothing, also after the right one was used', async () => {
    expect((await gateway.ask('GET', '/v1/numbers', keyA)).status).toBe(200);
    const wrong = keyA.slice(0, -1) + (keyA.endsWith('a') ? 'b' : 'a');
    expect((await gateway.ask('GET', '/v1/numbers', wrong)).status).toBe(401);
    const secretOfB = `tl_${keyA.split('_')[1]}_${keyB.split('_')[2]}`;
    expect((await gateway.ask('GET', '/v1/numbers', secretOfB)).status).toBe(401);
  });

  it('does what its scopes say and no more, and works until it is revoked', async () => {
    const created = await gateway.ask('POST', '/v1/keys', keyA, {
      label: 'reader',
      scopes: ['leads:read', 'settings:read'],
    });
    expect(created.status).toBe(201);
    const reader = String(created.body['apiKey']);
    expect((await gateway.ask('GET', '/v1/numbers', reader)).status).toBe(200);
    const refused = await gateway.ask('PUT', '/v1/numbers', reader, { numbers: [] });
    expect(refused.status).toBe(403);
    expect(refused.body['scope']).toBe('settings:write');
    const keyId = String(created.body['keyId']);
    expect((await gateway.ask('DELETE', `/v1/keys/${keyId}`, keyB)).status).toBe(404);
    expect((await gateway.ask('DELETE', `/v1/keys/${keyId}`, keyA)).status).toBe(204);
    expect((await gateway.ask('GET', '/v1/numbers', reader)).status).toBe(401);
    expect((await gateway.ask('DELETE', `/v1/keys/${keyId}`, keyA)).status).toBe(404);
  });

  it('cannot make a mightier one', async () => {
    const created = await gateway.ask('POST', '/v1/keys', keyA, { label: 'maker', scopes: ['keys:write'] });
    const maker = String(created.body['apiKey']);
    const beyond = await gateway.ask('POST', '/v1/keys', maker, {
      label: 'mightier',
      scopes: ['keys:write', 'calls:read'],
    });
    expect(beyond.status).toBe(403);
  });

  it('says when it was last used', async () => {
    await eventually(async () => {
      const { body } = await gateway.ask('GET', '/v1/keys', keyA);
      const first = (body['items'] as { label: string; lastUsedAt: string | null }[]).find(
        ({ label }) => label === 'first key',
      );
      expect(first?.lastUsedAt).toMatch(/^20/);
    });
  });
});

describe('calls', () => {
  it('come page by page', async () => {
    const first = await gateway.ask('GET', '/v1/calls?limit=2', keyA);
    expect((first.body['items'] as { id: string }[]).map(({ id }) => id)).toEqual(['ca_3', 'ca_2']);
    const second = await gateway.ask(
      'GET',
      `/v1/calls?limit=2&cursor=${String(first.body['nextCursor'])}`,
      keyA,
    );
    expect((second.body['items'] as { id: string }[]).map(({ id }) => id)).toEqual(['ca_1']);
    expect(second.body['nextCursor']).toBeNull();
    expect((await gateway.ask('GET', '/v1/calls', keyB)).body['items']).toEqual([]);
  });

  it('are refused for a wrong query, with every fault', async () => {
    const { status, body } = await gateway.ask('GET', '/v1/calls?limit=0&order=up', keyA);
    expect(status).toBe(400);
    expect((body['errors'] as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      'query.limit',
      'query.order',
    ]);
    expect((await gateway.ask('GET', '/v1/calls?cursor=nonsense', keyA)).status).toBe(400);
  });

  it('show what is known, and say what is missing', async () => {
    const { status, body } = await gateway.ask('GET', '/v1/calls/ca_1', keyA);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'ca_1',
      state: 'completed',
      durationMs: 61_000,
      transcript: { complete: true, lines: [{ seq: 1, speaker: 'caller', text: 'Hello' }] },
      fields: [{ name: 'caller_name', value: 'Marie' }],
      verdict: { state: 'qualified', category: 'lead_capture', score: 80 },
      lead: { id: 'ld_1', fields: { caller_name: 'Marie' } },
      timings: null,
      deliveries: null,
      notes: { timings: 'For the moment not available.', deliveries: 'For the moment not available.' },
    });
  });

  it("of another tenant are not there, and neither are another tenant's leads", async () => {
    expect((await gateway.ask('GET', '/v1/calls/ca_1', keyB)).status).toBe(404);
    expect((await gateway.ask('GET', '/v1/leads/ld_1', keyA)).status).toBe(200);
    expect((await gateway.ask('GET', '/v1/leads/ld_1', keyB)).status).toBe(404);
  });

  it('whose owner is away are said to be away', async () => {
    const { status, headers, body } = await gateway.ask('GET', '/v1/deliveries', keyA);
    expect(status).toBe(503);
    expect(headers.get('Retry-After')).toBe('2');
    expect(body['title']).toBe('For the moment not available');
  });
});

describe('live events', () => {
  it("come to their tenant's reader and to no other", async () => {
    const read = async (key: string) => {
      const leaving = new AbortController();
      const response = await fetch(`${gateway.url}/v1/events`, {
        headers: { Authorization: `Bearer ${key}` },
        signal: leaving.signal,
      });
      expect(response.headers.get('Content-Type')).toContain('text/event-stream');
      const seen = { text: '' };
      const reading = (async () => {
        for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk).toString();
      })().catch(() => undefined);
      await eventually(() => expect(seen.text).toContain(': connected'));
      return { seen, leave: () => (leaving.abort(), reading) };
    };
    const [a, b] = [await read(keyA), await read(keyB)];
    await telephony
      .get(EventPublisher)
      .publish(
        CallAnsweredSchema,
        { callId: 'ca_live', fromNumber: '+16135550111' },
        { tenantId: 'tn_a', eventId: 'ev_live' },
      );
    await eventually(() => expect(a.seen.text).toContain('ca_live'));
    expect(a.seen.text).toContain('id: ev_live\nevent: calls.v1.call-answered\n');
    expect(b.seen.text).not.toContain('ca_live');
    await Promise.all([a.leave(), b.leave()]);
  });
});

describe('every answer', () => {
  it('names the request, with the id that the client gave', async () => {
    const named = await gateway.ask('GET', '/v1/numbers', keyA, undefined, { 'X-Request-Id': 'mine-1' });
    expect(named.headers.get('X-Request-Id')).toBe('mine-1');
    const unnamed = await gateway.ask('GET', '/v1/nowhere', keyA);
    expect(unnamed.status).toBe(404);
    expect(unnamed.headers.get('X-Request-Id')).toMatch(/^rq_/);
    expect(unnamed.headers.get('Content-Type')).toContain('application/problem+json');
  });

  it('to what is no JSON, or too much of it, is a problem document', async () => {
    expect((await gateway.ask('PUT', '/v1/alerts', keyA, '{"mailRecipients":')).status).toBe(400);
    const large = { mailRecipients: ['x'.repeat(400_000)] };
    const tooLarge = await gateway.ask('PUT', '/v1/alerts', keyA, large);
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.headers.get('Content-Type')).toContain('application/problem+json');
  });
});

describe('the description', () => {
  it('is OpenAPI 3.1, of every route that there is, without a dangling reference', async () => {
    const { body } = await gateway.ask('GET', '/openapi.json');
    expect(body['openapi']).toBe('3.1.0');
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining([
        '/v1/calls',
        '/v1/calls/{id}',
        '/v1/metrics/voice-health',
        '/v1/events',
        '/operator/tenants',
      ]),
    );
    const schemas = Object.keys((body['components'] as { schemas: object }).schemas);
    const text = JSON.stringify(body);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) expect(schemas).toContain(name);
    expect(text).not.toContain('$defs');
  });

  it('is what is really sent, problems included', async () => {
    const { body } = await gateway.ask('GET', '/openapi.json');
    // The description as one JSON Schema document (2020-12 is OpenAPI 3.1's own dialect), so its references resolve.
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(body, 'api');
    const conforms = (path: string, status: number, type: string, sent: unknown): void => {
      const pointer = ['paths', path, 'get', 'responses', String(status), 'content', type, 'schema'];
      const escaped = pointer.map((token) =>
        encodeURIComponent(token.replace(/~/g, '~0').replace(/\//g, '~1')),
      );
      const validate = ajv.compile({ $ref: `api#/${escaped.join('/')}` });
      expect({ path, ok: validate(sent), errors: validate.errors }).toEqual({ path, ok: true, errors: null });
    };
    const json = 'application/json';
    conforms('/v1/calls', 200, json, (await gateway.ask('GET', '/v1/calls', keyA)).body);
    conforms('/v1/calls/{id}', 200, json, (await gateway.ask('GET', '/v1/calls/ca_1', keyA)).body);
    conforms('/v1/leads/{id}', 200, json, (await gateway.ask('GET', '/v1/leads/ld_1', keyA)).body);
    conforms('/v1/assistant', 200, json, (await gateway.ask('GET', '/v1/assistant', keyA)).body);
    conforms('/v1/keys', 200, json, (await gateway.ask('GET', '/v1/keys', keyA)).body);
    const problem = 'application/problem+json';
    conforms('/v1/calls/{id}', 404, problem, (await gateway.ask('GET', '/v1/calls/ca_1', keyB)).body);
    conforms('/v1/calls', 400, problem, (await gateway.ask('GET', '/v1/calls?limit=x', keyA)).body);
    conforms('/v1/calls', 401, problem, (await gateway.ask('GET', '/v1/calls')).body);
  });

  it('can be read in a page that asks nobody else for anything', async () => {
    const page = await gateway.ask('GET', '/docs');
    expect(page.status).toBe(200);
    expect(String(page.body['text'])).not.toMatch(/https?:\/\//);
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js']) {
      expect((await gateway.ask('GET', `/docs/${file}`)).status).toBe(200);
    }
    expect((await gateway.ask('GET', '/docs/package.json')).status).toBe(404);
  });
});

describe('too many requests', () => {
  it('are asked to wait, without slowing another tenant', async () => {
    const small = await Gateway.start({ RATE_LIMIT_PER_SECOND: '1' });
    try {
      const [a, b] = [await small.createTenant('Alpha', 'tn_a'), await small.createTenant('Beta', 'tn_b')];
      const statuses: number[] = [];
      for (let n = 0; n < 5; n++) statuses.push((await small.ask('GET', '/v1/alerts', a)).status);
      expect(statuses).toContain(429);
      expect((await small.ask('GET', '/v1/alerts', a)).headers.get('Retry-After')).toBe('1');
      expect((await small.ask('GET', '/v1/alerts', b)).status).toBe(200);
    } finally {
      await small.stop();
    }
  });
});
