import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { FakePhone, type PhoneCall } from './fake-phone.js';
import { FakeTwilio, type FakeTwilioOptions } from './fake-twilio.js';
import { ScriptedProduct, type ProductScript, type ReceivedStream } from './scripted-product.js';
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
  const call = new FakePhone({ network, number: '+15145550142' }).dial('+15145550100', { stirVerstat: 'TN-Validation-Passed-A' });
  return { network, call };
}

/** Resolves with the stream once the server has seen as many messages of the kind. */
async function until(stream: () => ReceivedStream | undefined, event: string, count = 1): Promise<Record<string, unknown>[]> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = stream()?.messages.filter((message) => message.event === event) ?? [];
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the server never got ${count} × ${event}`);
}

const firstStream = (): ReceivedStream | undefined => product.streams[0];

function send(stream: ReceivedStream | undefined, message: Record<string, unknown>): void {
  const start = stream?.messages.find((sent) => sent.event === 'start');
  stream?.socket.send(JSON.stringify({ ...message, streamSid: start?.streamSid }));
}

const media = (durationMs: number): Record<string, unknown> => ({ event: 'media', media: { payload: Buffer.from(hum(durationMs)).toString('base64') } });

describe('the first webhook', () => {
  it('carries the fields of an incoming call under a signature that the official package accepts', async () => {
    const { call, network } = dial({ answers: { '/twilio/voice': '<Response><Hangup/></Response>' } });
    await call.ended;
    const [webhook] = product.webhooksAt('/twilio/voice');
    expect(webhook?.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=UTF-8');
    expect(webhook?.fields).toMatchObject({
      AccountSid: network.accountSid, ApiVersion: '2010-04-01', CallStatus: 'ringing', Called: '+15145550100', Caller: '+15145550142', Direction: 'inbound',
      From: '+15145550142', To: '+15145550100', FromCity: 'MONTREAL', FromCountry: 'CA', FromState: 'QC', StirVerstat: 'TN-Validation-Passed-A',
    });
    expect(webhook?.fields.CallSid).toMatch(/^CA[0-9a-f]{32}$/);
    expect(validateRequest(AUTH_TOKEN, String(webhook?.headers['x-twilio-signature']), `${product.url}/twilio/voice`, { ...webhook?.fields })).toBe(true);
    expect(validateRequest('another token', String(webhook?.headers['x-twilio-signature']), `${product.url}/twilio/voice`, { ...webhook?.fields })).toBe(false);
  });

  it('tells the end to the status callback, signed, with the duration', async () => {
    const { call } = dial({ answers: { '/twilio/voice': '<Response><Pause length="1"/></Response>', '/twilio/voice/status': { status: 204 } } });
    await call.ended;
    const status = await eventuallyWebhook('/twilio/voice/status');
    expect(status.fields).toMatchObject({ CallSid: call.callSid, CallStatus: 'completed', CallDuration: expect.stringMatching(/^[12]$/), Duration: '1', SequenceNumber: '0', CallbackSource: 'call-progress-events' });
    expect(validateRequest(AUTH_TOKEN, String(status.headers['x-twilio-signature']), `${product.url}/twilio/voice/status`, { ...status.fields })).toBe(true);
  });

  it.each([
    ['an error status', { status: 500 }, 11200],
    ['no XML', 'gone fishing', 12100],
    ['a content type that is none of Twilio\'s', { status: 200, contentType: 'application/json', body: '{}' }, 12300],
  ])('ends the call with a notice on %s', async (_, answer, code) => {
    const { call, network } = dial({ answers: { '/twilio/voice': answer } });
    expect(await call.ended).toMatchObject({ status: 'failed', reason: 'application-error' });
    expect(network.notices.map((notice) => notice.code)).toContain(code);
  });

  it.each([
    ['<Response><Reject/></Response>', 'no-answer', 'rejected'],
    ['<Response><Reject reason="busy"/></Response>', 'busy', 'rejected'],
    ['<Response><Hangup/></Response>', 'completed', 'hangup-verb'],
    ['<Response/>', 'completed', 'twiml-ended'],
  ])('follows %s to %s', async (twiml, status, reason) => {
    const { call } = dial({ answers: { '/twilio/voice': twiml } });
    expect(await call.ended).toMatchObject({ status, reason });
  });
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
      event: 'start', sequenceNumber: '1', streamSid,
      start: {
        accountSid: network.accountSid, streamSid, callSid: call.callSid, tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 }, customParameters: { token: 't0ken' },
      },
    });
    const silence = Buffer.alloc(160, 0xff).toString('base64');
    expect(firstMedia).toEqual({ event: 'media', sequenceNumber: '2', streamSid, media: { track: 'inbound', chunk: '1', timestamp: '0', payload: silence } });
    expect(silence).toHaveLength(216);
    expect(secondMedia).toMatchObject({ sequenceNumber: '3', media: { chunk: '2', timestamp: '20' } });
  });

  it('carries what the caller says, whole and in order', async () => {
    const { call } = dial({ answers: { '/twilio/voice': product.connectTwiml() } });
    await until(firstStream, 'media');
    const speech = Uint8Array.from({ length: 160 * 7 }, (_, index) => index % 251);
    expect(await call.say(speech)).toBe(true);
    await until(firstStream, 'media', 12);
    call.hangUp();
    const heard = Buffer.concat((firstStream()?.messages ?? []).filter((message) => message.event === 'media').map((message) => Buffer.from((message.media as { payload: string }).payload, 'base64')));
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
    expect(stop).toMatchObject({ stop: { accountSid: call.network.parties.accountSid, callSid: call.callSid } });
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
    const { call, network } = dial({ answers: { '/twilio/voice': `<Response><Connect><Stream url="${url}"/></Connect></Response>` } });
    await call.ended;
    expect(network.notices.map((notice) => notice.code)).toEqual([code]);
  });
});

describe('what follows the stream', () => {
  const action = { '/after': '<Response><Hangup/></Response>' };

  it('requests action when the server closes', async () => {
    const { call } = dial({ answers: { ...action, '/twilio/voice': product.connectTwiml('action="/after"') }, onStream: (stream) => stream.socket.close(1000) });
    expect(await call.ended).toMatchObject({ reason: 'hangup-verb' });
    expect(product.webhooksAt('/after')[0]?.fields).toMatchObject({ CallSid: call.callSid, CallStatus: 'in-progress' });
  });

  it.each([
    [true, 'hangup-verb', 1],
    [false, 'twiml-ended', 0],
  ])('after an abnormal close requests action only if told so (%s)', async (actionAfterAbnormalClose, reason, requests) => {
    const script = { answers: { ...action, '/twilio/voice': product.connectTwiml('action="/after"') }, onStream: (stream: ReceivedStream) => stream.socket.terminate() };
    const { call } = dial(script, { actionAfterAbnormalClose });
    expect(await call.ended).toMatchObject({ reason });
    expect(product.webhooksAt('/after')).toHaveLength(requests);
  });

  it('plays the next verb when there is no action', async () => {
    const twiml = product.connectTwiml().replace('</Response>', '<Say>Good-bye</Say></Response>');
    const said: string[] = [];
    const { call } = dial({ answers: { '/twilio/voice': twiml }, onStream: (stream) => stream.socket.close(1000) });
    call.network.on('said', (text) => said.push(text));
    expect(await call.ended).toMatchObject({ reason: 'twiml-ended' });
    expect(said).toEqual(['Good-bye']);
  });

  it('follows a redirect, and collects the digits of a gather', async () => {
    const { call } = dial({
      answers: {
        '/twilio/voice': '<Response><Redirect>/menu</Redirect></Response>',
        '/menu': '<Response><Gather numDigits="1" action="/chosen"><Say>Press one</Say></Gather></Response>',
        '/chosen': '<Response><Hangup/></Response>',
      },
    });
    call.network.on('said', () => call.press('1'));
    await call.ended;
    expect(product.webhooksAt('/chosen')[0]?.fields).toMatchObject({ Digits: '1' });
  });

  it('records a message and tells how long it was', async () => {
    const { call } = dial({ answers: { '/twilio/voice': '<Response><Record action="/recorded" timeout="1"/></Response>', '/recorded': '<Response><Hangup/></Response>' } });
    await call.ended;
    expect(product.webhooksAt('/recorded')[0]?.fields.RecordingSid).toMatch(/^RE[0-9a-f]{32}$/);
    expect(Number(product.webhooksAt('/recorded')[0]?.fields.RecordingDuration)).toBeLessThanOrEqual(2);
  });

  it('tells what became of a dialled number', async () => {
    const script = { answers: { '/twilio/voice': '<Response><Dial action="/dialled">+15145550177</Dial></Response>', '/dialled': '<Response><Hangup/></Response>' } };
    const { call } = dial(script, { dialed: () => ({ status: 'busy', durationMs: 20 }) });
    await call.ended;
    expect(product.webhooksAt('/dialled')[0]?.fields).toMatchObject({ DialCallStatus: 'busy' });
  });
});

async function eventuallyWebhook(path: string): Promise<ScriptedProduct['webhooks'][number]> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const [webhook] = product.webhooksAt(path);
    if (webhook) return webhook;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`nothing was posted to ${path}`);
}
