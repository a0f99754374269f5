import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { RawStream } from './raw-stream.js';
import { ScriptedProduct } from './scripted-product.js';

let product: ScriptedProduct;
beforeAll(
  async () =>
    (product = await ScriptedProduct.start({
      answers: {},
      onStream: (stream) => stream.socket.on('message', () => stream.socket.close(1008, 'no')),
    })),
);
afterAll(() => product.stop());

describe('RawStream', () => {
  it('signs its handshake, sends what it is told and says how it was shown the door', async () => {
    const stream = await RawStream.open({ url: product.streamUrl, authToken: 'secret' });
    expect(
      twilio.validateRequest(
        'secret',
        String(product.streams[0]?.headers['x-twilio-signature']),
        product.streamUrl,
        {},
      ),
    ).toBe(true);
    stream.start({ token: 'x' });
    expect(await stream.closed).toEqual({ code: 1008, reason: 'no' });
    expect(product.streams[0]?.messages[0]).toMatchObject({ event: 'start', streamSid: stream.streamSid });
  });

  it('can come without a signature, and hears a refusal', async () => {
    const unsigned = await RawStream.open({ url: product.streamUrl });
    expect(product.streams[1]?.headers['x-twilio-signature']).toBeUndefined();
    unsigned.cut();
    await expect(
      RawStream.open({ url: `${product.url.replace('http', 'ws').replace(/\d+$/, '1')}/x` }),
    ).rejects.toThrow();
  });
});
