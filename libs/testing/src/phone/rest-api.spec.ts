import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import twilio from 'twilio';
import { FakeTwilio } from './fake-twilio.js';
import { FakePhone, type PhoneCall } from './fake-phone.js';
import { eventually } from '../servers/eventually.js';
import { ScriptedProduct } from './scripted-product.js';

const AUTH_TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';
const CALL = '/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json';
const ACCOUNT = '/2010-04-01/Accounts/{Sid}.json';
const MESSAGES = '/2010-04-01/Accounts/{AccountSid}/Messages.json';
const MESSAGE = '/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json';

/** Twilio's own description of its API, as it publishes it with one of its packages. */
function publishedApi(): Ajv {
  const file = createRequire(import.meta.url)
    .resolve('@twilio-alpha/mcp/package.json')
    .replace('package.json', 'twilio-oai/spec/json/twilio_api_v2010.json');
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object, 'twilio');
  return ajv;
}

let api: Ajv;
let network: FakeTwilio;
let server: Server;
let product: ScriptedProduct;

beforeAll(async () => {
  api = publishedApi();
  product = await ScriptedProduct.start({
    answers: {
      '/twilio/voice': '<Response><Pause length="60"/></Response>',
      '/elsewhere': '<Response><Pause length="60"/></Response>',
    },
  });
  network = new FakeTwilio({ authToken: AUTH_TOKEN, publicUrl: product.url });
  server = createServer((request, response) => {
    if (!network.handleHttp(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await network.hangUpAll();
  await new Promise((resolve) => server.close(resolve));
  await product.stop();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function request(
  method: string,
  path: string,
  form?: Record<string, string>,
  password = AUTH_TOKEN,
): Promise<Answer> {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/twilio/2010-04-01/Accounts/${network.accountSid}`;
  const response = await fetch(base + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${network.accountSid}:${password}`).toString('base64')}`,
    },
    ...(form ? { body: new URLSearchParams(form) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function expectPublishedShape(method: 'get' | 'post', path: string, { status, body }: Answer): void {
  const pointer = [
    'paths',
    path,
    method,
    'responses',
    String(status),
    'content',
    'application/json',
    'schema',
  ]
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .join('/');
  const validate = api.compile({ $ref: `twilio#/${encodeURI(pointer)}` });
  expect({ valid: validate(body), errors: validate.errors }).toEqual({ valid: true, errors: null });
}

async function answeredCall(): Promise<PhoneCall> {
  const call = new FakePhone({ network, number: '+15145550142' }).dial('+15145550100');
  await new Promise<void>((resolve) =>
    call.network.on('status', (status) => status === 'in-progress' && resolve()),
  );
  return call;
}

describe('the calls resource', () => {
  it('shows a live call and a finished one in the published shape', async () => {
    const call = await answeredCall();
    const live = await request('GET', `/Calls/${call.callSid}.json`);
    expect(live.body).toMatchObject({
      sid: call.callSid,
      status: 'in-progress',
      direction: 'inbound',
      from: '+15145550142',
      from_formatted: '(514) 555-0142',
    });
    expectPublishedShape('get', CALL, live);
    call.hangUp();
    const over = await request('GET', `/Calls/${call.callSid}.json`);
    expect(over.body).toMatchObject({ status: 'completed' });
    expectPublishedShape('get', CALL, over);
  });

  it('leads a live call to the TwiML it is given', async () => {
    const call = await answeredCall();
    const updated = await request('POST', `/Calls/${call.callSid}.json`, {
      Twiml: '<Response><Hangup/></Response>',
    });
    expect(updated.status).toBe(200);
    expectPublishedShape('post', CALL, updated);
    expect(await call.ended).toMatchObject({ reason: 'hangup-verb' });
  });

  it('leads a live call to another URL', async () => {
    const call = await answeredCall();
    await request('POST', `/Calls/${call.callSid}.json`, { Url: `${product.url}/elsewhere`, Method: 'POST' });
    await new Promise<void>((resolve) => call.network.on('twiml', () => resolve()));
    expect(product.webhooksAt('/elsewhere')[0]?.fields).toMatchObject({
      CallSid: call.callSid,
      CallStatus: 'in-progress',
    });
    call.hangUp();
  });

  it('ends a live call', async () => {
    const call = await answeredCall();
    expect(
      (await request('POST', `/Calls/${call.callSid}.json`, { Status: 'completed' })).body,
    ).toMatchObject({ status: 'completed' });
    expect(await call.ended).toMatchObject({ reason: 'ended-by-rest' });
  });

  it.each([
    ['a redirect of a call that is over', { Twiml: '<Response/>' }, 400, 21220],
    ['a status that does not exist', { Status: 'paused' }, 400, 21219],
    ['nothing to change', {}, 400, 20001],
    ['TwiML and a URL at once', { Twiml: '<Response/>', Url: 'https://h.example/' }, 400, 21218],
  ])('refuses %s', async (_, form, status, code) => {
    const call = await answeredCall();
    call.hangUp();
    const answer = await request('POST', `/Calls/${call.callSid}.json`, form);
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.body.more_info).toContain(String(code));
  });

  it('does not know a foreign call, and lets nobody in with a wrong token', async () => {
    expect(await request('GET', `/Calls/CA${'0'.repeat(32)}.json`)).toMatchObject({
      status: 404,
      body: { code: 20404 },
    });
    expect(await request('GET', '.json', undefined, 'wrong')).toMatchObject({
      status: 401,
      body: { code: 20003 },
    });
  });
});

describe('the messages resource', () => {
  it('takes a message in the published shape and delivers it, telling each status under a signature', async () => {
    product.follow({ answers: { '/twilio/messages/status': { status: 204 } } });
    const created = await request('POST', '/Messages.json', {
      To: '+15145550142',
      From: '+15145550100',
      Body: 'Tuesday at nine.',
      StatusCallback: `${product.url}/twilio/messages/status`,
    });
    expect(created).toMatchObject({
      status: 201,
      body: { status: 'queued', direction: 'outbound-api', num_segments: '1' },
    });
    expectPublishedShape('post', MESSAGES, created);
    const statuses = await untilThereAre(() => product.webhooksAt('/twilio/messages/status'), 2);
    expect(statuses.map((webhook) => webhook.fields.MessageStatus)).toEqual(['sent', 'delivered']);
    expect(
      twilio.validateRequest(
        AUTH_TOKEN,
        String(statuses[0]?.headers['x-twilio-signature']),
        `${product.url}/twilio/messages/status`,
        { ...statuses[0]?.fields },
      ),
    ).toBe(true);
    expectPublishedShape('get', MESSAGE, await request('GET', `/Messages/${String(created.body.sid)}.json`));
    expectPublishedShape('get', MESSAGES, await request('GET', '/Messages.json'));
  });

  it.each([
    ['no recipient', { From: '+15145550100', Body: 'x' }, 21604],
    ['a recipient that is no number', { To: '12', From: '+15145550100', Body: 'x' }, 21211],
    ['no sender', { To: '+15145550142', Body: 'x' }, 21603],
    ['no body', { To: '+15145550142', From: '+15145550100' }, 21602],
  ])('refuses %s', async (_, form, code) => {
    expect(await request('POST', '/Messages.json', form)).toMatchObject({ status: 400, body: { code } });
  });

  it('shows the account in the published shape', async () => {
    expectPublishedShape('get', ACCOUNT, await request('GET', '.json'));
  });
});

const untilThereAre = <T>(read: () => readonly T[], count: number): Promise<readonly T[]> =>
  eventually(() => {
    const found = read();
    if (found.length < count) throw new Error(`waited for ${count} and got ${found.length}`);
    return found;
  });
