import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startWebhookReceiver } from '@tradeline/testing';
import type { StartedWebhookReceiver } from '@tradeline/testing';
import type { RemoteTrouble } from '../src/domain/remote-trouble.js';
import { WebhookCourier } from '../src/integrations/webhook/webhook-courier.js';
import { aDelivery, aLead, aParcel } from './parcels.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe('delivering to a webhook', () => {
  let receiver: StartedWebhookReceiver;
  const courier = new WebhookCourier({ allowLoopback: true });

  const send = (url = receiver.url, by = courier, content = aLead()) =>
    by.send(
      aParcel({
        delivery: aDelivery('webhook'),
        content,
        connection: { target: 'webhook', secret: SECRET, url },
      }),
      AbortSignal.timeout(10_000),
    );
  const trouble = async (promise: Promise<unknown>): Promise<RemoteTrouble['facts']> =>
    promise.then(
      () => {
        throw new Error('it was delivered');
      },
      (error: RemoteTrouble) => error.facts,
    );

  beforeEach(async () => {
    receiver = await startWebhookReceiver({ secret: SECRET });
  });
  afterEach(() => receiver.close());

  it('signs as the official verifier expects, and sends the lead without the transcript', async () => {
    await send();
    expect(receiver.accepted()).toMatchObject([
      {
        id: 'dl_1',
        payload: {
          type: 'lead.qualified',
          timestamp: '2026-11-22T17:07:00.000Z',
          data: { lead_id: 'ld_1', phone: '+16135550142' },
        },
      },
    ]);
    expect(JSON.stringify(receiver.received)).not.toContain('My pipe burst.');
  });

  it('keeps its id over retries, so the receiver can tell a second copy', async () => {
    receiver.answerNext(0);
    expect(await trouble(send())).toMatchObject({ kind: 'transient' });
    await send();
    expect(receiver.received.map(({ id, verified }) => [id, verified])).toEqual([
      ['dl_1', true],
      ['dl_1', true],
    ]);
    expect(receiver.accepted()).toHaveLength(1);
  });

  it('stays small, whatever the caller said', async () => {
    await send(
      receiver.url,
      courier,
      aLead({ summary: 'x'.repeat(100_000), jobSummary: 'y'.repeat(100_000) }),
    );
    expect(JSON.stringify(receiver.received[0]?.payload).length).toBeLessThan(20_000);
  });

  it.each([
    [429, 'transient', false],
    [503, 'transient', false],
    [409, 'transient', false],
    [400, 'permanent', false],
    [401, 'permanent', false],
    [302, 'permanent', false],
    [410, 'permanent', true],
  ])('%i is %s; switched off: %s', async (status, kind, disable) => {
    receiver.answerNext(status, 1, { location: 'https://elsewhere.example', 'retry-after': '4' });
    const facts = await trouble(send());
    expect(facts).toMatchObject({ kind, status });
    expect(facts.disable ?? false).toBe(disable);
    if (kind === 'transient') expect(facts.retryAfterMs).toBe(4_000);
    expect(receiver.received).toHaveLength(1);
  });

  it('does not connect to a private address, by number or by name', async () => {
    let connections = 0;
    const inside = createServer((_request, response) => response.end()).on(
      'connection',
      () => (connections += 1),
    );
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const { port } = inside.address() as AddressInfo;
    const strict = new WebhookCourier({ allowLoopback: false });
    for (const url of [
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
      `http://127.0.0.1:${port}/`,
    ]) {
      expect(await trouble(send(url, strict))).toMatchObject({ kind: 'permanent' });
    }
    inside.close();
    expect(connections).toBe(0);
  });

  it('tries again when nobody is there', async () => {
    await receiver.close();
    expect(await trouble(send())).toMatchObject({
      kind: 'transient',
      words: expect.stringContaining('could not be reached'),
    });
    receiver = await startWebhookReceiver({ secret: SECRET });
  });
});
