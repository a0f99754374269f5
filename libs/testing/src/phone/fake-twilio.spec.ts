import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { muLawWav } from '@tradeline/twilio';
import { FakePhone, type PhoneCall } from './fake-phone.js';
import { hum } from './sound.js';
import { FakeTwilio, type FakeTwilioOptions } from './fake-twilio.js';
import { eventually } from '../servers/eventually.js';
import { ScriptedProduct, type ProductScript, type ReceivedStream } from './scripted-product.js';

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

describe('the first webhook', () => {
  it('carries the fields of an incoming call under a signature that the official package accepts', async () => {
    const { call, network } = dial({ answers: { '/twilio/voice': '<Response><Hangup/></Response>' } });
    await call.ended;
    const [webhook] = product.webhooksAt('/twilio/voice');
    expect(webhook?.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=UTF-8');
    expect(webhook?.fields).toMatchObject({
      AccountSid: network.accountSid,
      ApiVersion: '2010-04-01',
      CallStatus: 'ringing',
      Called: '+15145550100',
      Caller: '+15145550142',
      Direction: 'inbound',
      From: '+15145550142',
      To: '+15145550100',
      FromCity: 'MONTREAL',
      FromCountry: 'CA',
      FromState: 'QC',
      StirVerstat: 'TN-Validation-Passed-A',
    });
    expect(webhook?.fields.CallSid).toMatch(/^CA[0-9a-f]{32}$/);
    expect(
      validateRequest(
        AUTH_TOKEN,
        String(webhook?.headers['x-twilio-signature']),
        `${product.url}/twilio/voice`,
        { ...webhook?.fields },
      ),
    ).toBe(true);
    expect(
      validateRequest(
        'another token',
        String(webhook?.headers['x-twilio-signature']),
        `${product.url}/twilio/voice`,
        { ...webhook?.fields },
      ),
    ).toBe(false);
  });

  it('tells the end to the status callback, signed, with the duration', async () => {
    const { call } = dial({
      answers: {
        '/twilio/voice': '<Response><Pause length="1"/></Response>',
        '/twilio/voice/status': { status: 204 },
      },
    });
    await call.ended;
    const status = await eventuallyWebhook('/twilio/voice/status');
    expect(status.fields).toMatchObject({
      CallSid: call.callSid,
      CallStatus: 'completed',
      CallDuration: expect.stringMatching(/^[12]$/),
      Duration: '1',
      SequenceNumber: '0',
      CallbackSource: 'call-progress-events',
    });
    expect(
      validateRequest(
        AUTH_TOKEN,
        String(status.headers['x-twilio-signature']),
        `${product.url}/twilio/voice/status`,
        { ...status.fields },
      ),
    ).toBe(true);
  });

  it.each([
    ['an error status', { status: 500 }, 11200],
    ['no XML', 'gone fishing', 12100],
    [
      "a content type that is none of Twilio's",
      { status: 200, contentType: 'application/json', body: '{}' },
      12300,
    ],
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

describe('a file to play', () => {
  it('is fetched without a signature and heard to its end, as µ-law in a WAV', async () => {
    const audio = hum(400);
    const { call } = dial({
      answers: {
        '/twilio/voice': '<Response><Play>/phrases/busy.wav</Play><Hangup/></Response>',
        '/phrases/busy.wav': { status: 200, contentType: 'audio/x-wav', body: muLawWav(audio) },
      },
    });
    const heard: Uint8Array[] = [];
    call.network.media.onFrame(({ toCaller }) => toCaller && heard.push(toCaller.slice()));
    expect(await call.ended).toMatchObject({ reason: 'hangup-verb' });
    expect(Buffer.concat(heard).subarray(0, audio.length).equals(audio)).toBe(true);
    expect(product.webhooksAt('/phrases/busy.wav')[0]?.headers).not.toHaveProperty('x-twilio-signature');
  });
});

describe('what follows the stream', () => {
  const action = { '/after': '<Response><Hangup/></Response>' };

  it('requests action when the server closes', async () => {
    const { call } = dial({
      answers: { ...action, '/twilio/voice': product.connectTwiml('action="/after"') },
      onStream: (stream) => stream.socket.close(1000),
    });
    expect(await call.ended).toMatchObject({ reason: 'hangup-verb' });
    expect(product.webhooksAt('/after')[0]?.fields).toMatchObject({
      CallSid: call.callSid,
      CallStatus: 'in-progress',
    });
  });

  it.each([
    [true, 'hangup-verb', 1],
    [false, 'twiml-ended', 0],
  ])(
    'after an abnormal close requests action only if told so (%s)',
    async (actionAfterAbnormalClose, reason, requests) => {
      const script = {
        answers: { ...action, '/twilio/voice': product.connectTwiml('action="/after"') },
        onStream: (stream: ReceivedStream) => stream.socket.terminate(),
      };
      const { call } = dial(script, { actionAfterAbnormalClose });
      expect(await call.ended).toMatchObject({ reason });
      expect(product.webhooksAt('/after')).toHaveLength(requests);
    },
  );

  it('plays the next verb when there is no action', async () => {
    const twiml = product.connectTwiml().replace('</Response>', '<Say>Good-bye</Say></Response>');
    const said: string[] = [];
    const { call } = dial({
      answers: { '/twilio/voice': twiml },
      onStream: (stream) => stream.socket.close(1000),
    });
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
    const { call } = dial({
      answers: {
        '/twilio/voice': '<Response><Record action="/recorded" timeout="1"/></Response>',
        '/recorded': '<Response><Hangup/></Response>',
      },
    });
    await call.ended;
    expect(product.webhooksAt('/recorded')[0]?.fields.RecordingSid).toMatch(/^RE[0-9a-f]{32}$/);
    expect(Number(product.webhooksAt('/recorded')[0]?.fields.RecordingDuration)).toBeLessThanOrEqual(2);
  });

  it('tells what became of a dialled number', async () => {
    const script = {
      answers: {
        '/twilio/voice': '<Response><Dial action="/dialled">+15145550177</Dial></Response>',
        '/dialled': '<Response><Hangup/></Response>',
      },
    };
    const { call } = dial(script, { dialed: () => ({ status: 'busy', durationMs: 20 }) });
    await call.ended;
    expect(product.webhooksAt('/dialled')[0]?.fields).toMatchObject({ DialCallStatus: 'busy' });
  });
});

const eventuallyWebhook = (path: string): Promise<ScriptedProduct['webhooks'][number]> =>
  eventually(() => {
    const [webhook] = product.webhooksAt(path);
    if (!webhook) throw new Error(`nothing was posted to ${path}`);
    return webhook;
  });
