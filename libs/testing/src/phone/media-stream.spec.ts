import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { FakePhone, type PhoneCall } from './fake-phone.js';
import { FakeTwilio, type FakeTwilioOptions } from './fake-twilio.js';
import { eventually } from '../servers/eventually.js';
import { ScriptedProduct, type ProductScript, type ReceivedStream } from './scripted-product.js';
import { MAX_BUFFERED_BYTES } from './playout-buffer.js';
import { hum } from './sound.js';

const AUTH_TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';
const { validateRequest } = twilio;

let product: ScriptedProduct;
beforeEach(async () => (product = await ScriptedProduct.start({ answers: {} })));
afterEach(() => product.stop());

interface Dialed {
  readonly network: FakeTwilio;
  readonly call: PhoneCall;
}

function dial(script: Partial<ProductScript>, options: Partial<FakeTwilioOptions> = {}): Dialed {
  product.follow({ answers: {}, ...script });
  const network = new FakeTwilio({ authToken: AUTH_TOKEN, publicUrl: product.url, ...options });
  const call = new FakePhone({ network, number: '+15145550142' }).dial('+15145550100', {
    stirVerstat: 'TN-Validation-Passed-A',
  });
  return { network, call };
}

/** Resolves with the stream once the server has seen as many messages of the kind. */
const until = (
  stream: () => ReceivedStream | undefined,
  event: string,
  count = 1,
): Promise<Record<string, unknown>[]> =>
  eventually(() => {
    const found = stream()?.messages.filter((message) => message.event === event) ?? [];
    if (found.length < count) throw new Error(`the server never got ${count} × ${event}`);
    return found;
  });

const firstStream = (): ReceivedStream | undefined => product.streams[0];

function send(stream: ReceivedStream | undefined, message: Record<string, unknown>): void {
  const start = stream?.messages.find((sent) => sent.event === 'start');
  stream?.socket.send(JSON.stringify({ ...message, streamSid: start?.streamSid }));
}

const media = (durationMs: number): Record<string, unknown> => ({
  event: 'media',
  media: { payload: Buffer.from(hum(durationMs)).toString('base64') },
});

describe('the media stream', () => {
  it('is opened with a signature over the exact URL that the official package accepts', async () => {
    const { call } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'start');
    call.hangUp();
    const signature = String(firstStream()?.headers['x-twilio-signature']);
    expect(validateRequest(AUTH_TOKEN, signature, product.streamUrl, {})).toBe(true);
    expect(validateRequest(AUTH_TOKEN, signature, `${product.streamUrl}x`, {})).toBe(false);
  });

  it('begins with connected and start, every number a string', async () => {
    const { call, network } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'media', 3);
    call.hangUp();
    const [connected, start, firstMedia, secondMedia] = firstStream()?.messages ?? [];
    const streamSid = String(start?.streamSid);
    expect(streamSid).toMatch(/^MZ[0-9a-f]{32}$/);
    expect(connected).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    expect(start).toEqual({
      event: 'start',
      sequenceNumber: '1',
      streamSid,
      start: {
        accountSid: network.accountSid,
        streamSid,
        callSid: call.callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token: 't0ken' },
      },
    });
    const silence = Buffer.alloc(160, 0xff).toString('base64');
    expect(firstMedia).toEqual({
      event: 'media',
      sequenceNumber: '2',
      streamSid,
      media: { track: 'inbound', chunk: '1', timestamp: '0', payload: silence },
    });
    expect(silence).toHaveLength(216);
    expect(secondMedia).toMatchObject({ sequenceNumber: '3', media: { chunk: '2', timestamp: '20' } });
  });

  it('carries what the caller says, whole and in order', async () => {
    const { call } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'media');
    const speech = Uint8Array.from({ length: 160 * 7 }, (_, index) => index % 251);
    expect(await call.say(speech)).toBe(true);
    await until(firstStream, 'media', call.atMs / 20);
    call.hangUp();
    const heard = Buffer.concat(
      (firstStream()?.messages ?? [])
        .filter((message) => message.event === 'media')
        .map((message) => Buffer.from((message.media as { payload: string }).payload, 'base64')),
    );
    expect(heard.includes(Buffer.from(speech))).toBe(true);
  });

  it('answers a mark when the audio before it has really played', async () => {
    const { call } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'start');
    const sentAt = performance.now();
    send(firstStream(), media(300));
    send(firstStream(), { event: 'mark', mark: { name: 'm1' } });
    const [mark] = await until(firstStream, 'mark');
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(300);
    expect(mark).toMatchObject({ event: 'mark', mark: { name: 'm1' } });
    expect(typeof mark?.sequenceNumber).toBe('string');
    call.hangUp();
  });

  it('answers all marks at once on clear, and the caller hears no more', async () => {
    const { call } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'start');
    send(firstStream(), media(5000));
    send(firstStream(), { event: 'mark', mark: { name: 'm1' } });
    send(firstStream(), { event: 'mark', mark: { name: 'm2' } });
    await until(() => (call.hearsAssistant ? firstStream() : undefined), 'media');
    const clearedAt = performance.now();
    send(firstStream(), { event: 'clear' });
    const marks = await until(firstStream, 'mark', 2);
    expect(performance.now() - clearedAt).toBeLessThan(1000);
    expect(marks.map((mark) => mark.mark)).toEqual([{ name: 'm1' }, { name: 'm2' }]);
    expect(call.heard[0]).toMatchObject({ cutOff: true });
    call.hangUp();
  });

  it('tells of a pressed key and of the hang-up', async () => {
    const { call } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'start');
    call.press('0');
    const [dtmf] = await until(firstStream, 'dtmf');
    expect(dtmf).toMatchObject({ dtmf: { track: 'inbound_track', digit: '0' } });
    call.hangUp();
    const [stop] = await until(firstStream, 'stop');
    expect(stop).toMatchObject({
      stop: { accountSid: call.network.parties.accountSid, callSid: call.callSid },
    });
    expect(await call.ended).toMatchObject({ status: 'completed', reason: 'caller-hung-up' });
  });

  it.each([
    ['an unknown event', '{"event":"sing"}'],
    ['no JSON', 'hello'],
    ['a foreign stream', JSON.stringify({ event: 'clear', streamSid: 'MZ0' })],
  ])('notes 31924 on %s and plays on', async (_, message) => {
    const { call, network } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'start');
    firstStream()?.socket.send(message);
    send(firstStream(), { event: 'mark', mark: { name: 'still here' } });
    await until(firstStream, 'mark');
    expect(network.notices.map((notice) => notice.code)).toEqual([31924]);
    call.hangUp();
  });

  it.each([
    ['a query string', 'wss://h.example/s?token=1', 31920],
    ['another scheme', 'https://h.example/s', 31922],
    ['an unprotected socket beyond this machine', 'ws://h.example/s', 31922],
  ])('does not even try an address with %s', async (_, url, code) => {
    const { call, network } = dial({
      answers: { '/twilio/voice': `<Response><Connect><Stream url="${url}"/></Connect></Response>` },
    });
    await call.ended;
    expect(network.notices.map((notice) => notice.code)).toEqual([code]);
  });

  it("tells the stream's own status callback that it started and stopped, under a signature", async () => {
    const twiml = product
      .connectTwiml()
      .replace('<Stream ', '<Stream name="ear" statusCallback="/stream?call=ca_1" ');
    const { call } = dial({ answers: { '/twilio/voice': twiml, '/stream?call=ca_1': { status: 204 } } });
    const [start] = await until(firstStream, 'start');
    call.hangUp();
    await until(firstStream, 'stop');
    const posted = (): typeof product.webhooks => product.webhooksAt('/stream?call=ca_1');
    await eventually(() =>
      expect(posted().map(({ fields }) => [fields.StreamEvent, fields.StreamSid, fields.StreamName])).toEqual(
        [
          ['stream-started', start?.streamSid, 'ear'],
          ['stream-stopped', start?.streamSid, 'ear'],
        ],
      ),
    );
    const signature = String(posted()[0]?.headers['x-twilio-signature']);
    const url = `${product.url}/stream?call=ca_1`;
    expect(validateRequest(AUTH_TOKEN, signature, url, { ...posted()[0]?.fields })).toBe(true);
  });

  it('discards what goes beyond ten minutes of audio and notes 31931', async () => {
    const { call, network } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'start');
    const tenMinutes = Buffer.alloc(MAX_BUFFERED_BYTES, 0xff).toString('base64');
    send(firstStream(), { event: 'media', media: { payload: tenMinutes } });
    send(firstStream(), media(100));
    send(firstStream(), { event: 'mark', mark: { name: 'm' } });
    send(firstStream(), { event: 'clear' });
    await until(firstStream, 'mark');
    expect(network.notices.map((notice) => notice.code)).toEqual([31931]);
    call.hangUp();
  });
});
