import { describe, expect, it } from '@jest/globals';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { connectStream, hangup, reject, sayAndHangup, sayThenConnectStream } from './twiml.js';

const parse = (twiml: string): unknown => {
  expect(XMLValidator.validate(twiml)).toBe(true);
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(twiml);
};

const stream = {
  url: 'wss://phone.example/streams/a/rv_1',
  parameters: { token: 'a.b' },
  action: 'https://phone.example/twilio/voice/action?call=ca_1&instance=a',
  name: 'ca_1',
  statusCallback: 'https://phone.example/twilio/voice/stream?call=ca_1',
};

const connect = {
  '@action': stream.action,
  '@method': 'POST',
  Stream: {
    '@url': stream.url,
    '@name': 'ca_1',
    '@statusCallback': stream.statusCallback,
    '@statusCallbackMethod': 'POST',
    Parameter: { '@name': 'token', '@value': 'a.b' },
  },
};

describe('TwiML', () => {
  it('that connects a stream has exactly the attributes asked for', () => {
    expect(parse(connectStream(stream))).toMatchObject({ Response: { Connect: connect } });
  });

  it('that connects a stream and nothing else leaves the rest to Twilio', () => {
    expect(connectStream({ url: 'wss://x.example/s' })).toContain(
      '<Connect><Stream url="wss://x.example/s"/></Connect>',
    );
  });

  it('that speaks before it connects does so in this order', () => {
    const twiml = sayThenConnectStream({ text: 'One moment, $& please.', language: 'en' }, stream);
    expect(parse(twiml)).toMatchObject({
      Response: { Say: { '#text': 'One moment, $& please.' }, Connect: connect },
    });
    expect(twiml.indexOf('<Say')).toBeLessThan(twiml.indexOf('<Connect'));
  });

  it.each([
    ['en', { '@language': 'en-CA' }],
    ['fr-CA', { '@language': 'fr-CA' }],
    ['es', { '@language': 'es-MX' }],
    ['tl', { '@language': 'fil-PH', '@voice': 'Google.fil-PH-Wavenet-A' }],
    ['fil-PH', { '@language': 'fil-PH' }],
    ['xx', { '@language': 'en-CA' }],
  ])('speaks %s as %j', (language, attributes) => {
    expect(parse(sayAndHangup({ text: 'Goodbye <you> & all', language }))).toMatchObject({
      Response: { Say: { '#text': 'Goodbye <you> & all', ...attributes }, Hangup: '' },
    });
  });

  it('plays a sentence of which there is sound, in its place among the others', () => {
    const recordingUrl = 'https://phone.example/twilio/phrases/x.wav';
    const twiml = sayAndHangup(
      { text: 'Lines are busy.', language: 'en', recordingUrl },
      { text: 'Occupé.', language: 'fr' },
    );
    expect(parse(twiml)).toMatchObject({
      Response: { Play: recordingUrl, Say: { '#text': 'Occupé.', '@language': 'fr-CA' }, Hangup: '' },
    });
    expect(twiml.indexOf('<Play')).toBeLessThan(twiml.indexOf('<Say'));
  });

  it('ends a call, or refuses it', () => {
    expect(parse(hangup())).toMatchObject({ Response: { Hangup: '' } });
    expect(parse(reject())).toMatchObject({ Response: { Reject: { '@reason': 'busy' } } });
  });
});
