import { describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import {
  publicUrlOf,
  signHandshake,
  signWebhook,
  streamUrlOf,
  verifyHandshakeSignature,
  verifyWebhookSignature,
} from './signatures.js';

const authToken = '12345';
const params = {
  CallSid: 'CA1',
  From: '+14155550100',
  To: '+16135550100',
  Digits: '1',
  Caller: "O'Brien & fils",
};

describe('webhook signatures', () => {
  it("agree with the example of Twilio's documentation", () => {
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    const documented = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675309',
      Digits: '1234',
      From: '+14158675309',
      To: '+18005551212',
    };
    expect(signWebhook(authToken, url, documented)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
    expect(
      verifyWebhookSignature({
        authToken,
        signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
        url,
        params: documented,
      }),
    ).toBe(true);
  });

  it('made here are accepted by the official package', () => {
    const url = 'https://phone.example/twilio/voice/action?call=ca_1&instance=a';
    expect(twilio.validateRequest(authToken, signWebhook(authToken, url, params), url, params)).toBe(true);
  });

  it.each([
    ['a changed parameter', { params: { ...params, To: '+16135550199' } }],
    ['an added parameter', { params: { ...params, Extra: '1' } }],
    ['another path', { url: 'https://phone.example/twilio/voice/status' }],
    ['a lost query string', { url: 'https://phone.example/twilio/voice/action' }],
    ['another account', { authToken: 'other' }],
    ['a missing signature', { signature: undefined }],
    ['an empty signature', { signature: '' }],
    ['something that is no URL', { url: '/twilio/voice' }],
  ])('do not verify with %s', (_, change) => {
    const url = 'https://phone.example/twilio/voice/action?call=ca_1';
    const signed = { authToken, url, params, signature: signWebhook(authToken, url, params) };
    expect(verifyWebhookSignature(signed)).toBe(true);
    expect(verifyWebhookSignature({ ...signed, ...change })).toBe(false);
  });

  it('verify with and without the port, whichever of the two Twilio signed', () => {
    const [withPort, without] = [
      'https://phone.example:443/twilio/voice',
      'https://phone.example/twilio/voice',
    ];
    expect(
      verifyWebhookSignature({
        authToken,
        url: without,
        params,
        signature: signWebhook(authToken, withPort, params),
      }),
    ).toBe(true);
    expect(
      verifyWebhookSignature({
        authToken,
        url: withPort,
        params,
        signature: signWebhook(authToken, without, params),
      }),
    ).toBe(true);
  });
});

describe('handshake signatures', () => {
  const url = 'wss://phone.example/streams/br_1/rv_1';

  it.each([
    ['the URL itself', url, url],
    ['the default port added by Twilio', url, 'wss://phone.example:443/streams/br_1/rv_1'],
    ['the default port left out by Twilio', 'wss://phone.example:443/streams/br_1/rv_1', url],
    ['a port of its own', 'ws://127.0.0.1:8090/streams/br_1/rv_1', 'ws://127.0.0.1:8090/streams/br_1/rv_1'],
    ['a port of its own left out', 'wss://phone.example:8443/s', 'wss://phone.example/s'],
  ])('verify over %s', (_, configured, signed) => {
    expect(
      verifyHandshakeSignature({ authToken, url: configured, signature: signHandshake(authToken, signed) }),
    ).toBe(true);
  });

  it.each([
    ['the https form of the URL', signHandshake(authToken, url.replace('wss', 'https'))],
    ['another reservation', signHandshake(authToken, 'wss://phone.example/streams/br_1/rv_2')],
    ['another account', signHandshake('other', url)],
    ['no signature', undefined],
  ])('do not verify over %s', (_, signature) => {
    expect(verifyHandshakeSignature({ authToken, url, signature })).toBe(false);
  });

  it('made here are accepted by the official package', () => {
    expect(twilio.validateRequest(authToken, signHandshake(authToken, url), url, {})).toBe(true);
  });
});

describe('the public URL', () => {
  it.each([
    ['https://phone.example', '/twilio/voice', 'https://phone.example/twilio/voice'],
    ['https://phone.example/', '/twilio/voice?a=%27b', 'https://phone.example/twilio/voice?a=%27b'],
    ['https://phone.example/base/', '/twilio/voice', 'https://phone.example/base/twilio/voice'],
  ])('of %s and %s is %s', (base, path, url) => {
    expect(publicUrlOf(base, path)).toBe(url);
  });

  it("becomes a socket's by its scheme alone", () => {
    expect(streamUrlOf('https://phone.example', '/streams/a/b')).toBe('wss://phone.example/streams/a/b');
    expect(streamUrlOf('http://127.0.0.1:80/http', '/s')).toBe('ws://127.0.0.1:80/http/s');
    expect(streamUrlOf('wss://media.example', '/s')).toBe('wss://media.example/s');
  });
});
