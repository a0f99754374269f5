import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TwilioRest } from './rest.js';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly form: Record<string, string>;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers every request with the same status and body; a status of 0 never answers. */
const twilioAnswering = async (status: number, body: object): Promise<{ rest: TwilioRest; seen: Seen[] }> => {
  const seen: Seen[] = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({
        method,
        url,
        authorization: headers.authorization,
        form: Object.fromEntries(new URLSearchParams(text)),
      });
      if (status !== 0)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const rest = new TwilioRest({
    accountSid: 'AC1',
    authToken: 'secret',
    baseUrl: `http://127.0.0.1:${port}/twilio/`,
    timeoutMs: 300,
  });
  return { rest, seen };
};

describe("Twilio's REST API at another address", () => {
  it('gets new TwiML for a live call', async () => {
    const { rest, seen } = await twilioAnswering(200, { sid: 'CA1' });
    expect(await rest.updateCall('CA1', { twiml: '<Response/>' })).toEqual({ kind: 'updated' });
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/twilio/2010-04-01/Accounts/AC1/Calls/CA1.json',
        authorization: `Basic ${Buffer.from('AC1:secret').toString('base64')}`,
        form: { Twiml: '<Response/>' },
      },
    ]);
  });

  it('hangs up', async () => {
    const { rest, seen } = await twilioAnswering(200, { sid: 'CA1' });
    expect(await rest.hangUp('CA1')).toEqual({ kind: 'updated' });
    expect(seen[0]?.form).toEqual({ Status: 'completed' });
  });

  it.each([
    [404, { code: 20404, message: 'not found', status: 404 }],
    [400, { code: 21220, message: 'Call is not in-progress. Cannot redirect.', status: 400 }],
  ])('takes %i %j for a call that is over', async (status, body) => {
    const { rest } = await twilioAnswering(status, body);
    expect(await rest.hangUp('CA1')).toEqual({ kind: 'gone' });
  });

  it('says when it failed, or was not answered in time', async () => {
    const failing = await twilioAnswering(500, { code: 20500, message: 'oh no', status: 500 });
    expect(await failing.rest.hangUp('CA1')).toMatchObject({ kind: 'failed' });
    server?.close();
    const silent = await twilioAnswering(0, {});
    expect(await silent.rest.hangUp('CA1')).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining('timeout'),
    });
  });

  it('sends a message', async () => {
    const { rest, seen } = await twilioAnswering(201, { sid: 'SM1', status: 'queued' });
    expect(await rest.createMessage({ from: '+1', to: '+2', body: 'hello' })).toEqual({
      sid: 'SM1',
      status: 'queued',
    });
    expect(seen[0]).toMatchObject({
      url: '/twilio/2010-04-01/Accounts/AC1/Messages.json',
      form: { From: '+1', To: '+2', Body: 'hello' },
    });
  });
});
