import { describe, expect, it } from '@jest/globals';
import { MAX_MEDIA_PAYLOAD_CHARS } from './media-frame.js';
import {
  encodeClear,
  encodeMark,
  encodeMedia,
  MAX_STREAM_MESSAGE_CHARS,
  parseStreamMessage,
  type StreamMessage,
} from './stream-messages.js';
import { encodeStreamMessage, parseStreamCommand } from './twilio-side.js';

const payload = Buffer.alloc(160, 0xff).toString('base64');
const media = {
  event: 'media',
  sequenceNumber: '3',
  media: { track: 'inbound', chunk: '1', timestamp: '5', payload },
  streamSid: 'MZ1',
};

// Examples of https://www.twilio.com/docs/voice/media-streams/websocket-messages, shortened.
const start = {
  event: 'start',
  sequenceNumber: '1',
  start: {
    accountSid: 'AC1',
    streamSid: 'MZ1',
    callSid: 'CA1',
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters: { token: 't' },
  },
  streamSid: 'MZ1',
};

describe("a message of Twilio's", () => {
  it('of media keeps its payload untouched and its numbers as numbers', () => {
    expect(parseStreamMessage(JSON.stringify(media))).toEqual({
      event: 'media',
      sequence: 3,
      streamSid: 'MZ1',
      track: 'inbound',
      chunk: 1,
      timestampMs: 5,
      payload,
    });
  });

  it('that starts the stream brings call, format and parameters', () => {
    expect(parseStreamMessage(JSON.stringify(start))).toEqual({
      event: 'start',
      sequence: 1,
      streamSid: 'MZ1',
      accountSid: 'AC1',
      callSid: 'CA1',
      tracks: ['inbound'],
      customParameters: { token: 't' },
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    });
  });

  const messages: readonly StreamMessage[] = [
    { event: 'connected', protocol: 'Call', version: '1.0.0' },
    { event: 'media', sequence: 2, streamSid: 'MZ1', track: 'inbound', chunk: 1, timestampMs: 20, payload },
    { event: 'mark', sequence: 4, streamSid: 'MZ1', name: 'g3-"17"' },
    { event: 'dtmf', sequence: 5, streamSid: 'MZ1', digit: '#' },
    { event: 'stop', sequence: 6, streamSid: 'MZ1', accountSid: 'AC1', callSid: 'CA1' },
  ];
  it.each(messages)('written by who plays Twilio reads back the same: $event', (message) => {
    const written = encodeStreamMessage(message);
    expect(parseStreamMessage(written)).toEqual(message);
    expect(JSON.parse(written)).not.toMatchObject({ sequenceNumber: expect.any(Number) });
  });

  it('of an unknown kind is named and breaks nothing', () => {
    expect(parseStreamMessage('{"event":"hologram","x":1}')).toEqual({ event: 'unknown', name: 'hologram' });
  });

  const changed = (change: object): string =>
    JSON.stringify({ ...media, media: { ...media.media, ...change } });
  it.each([
    ['a binary frame', undefined, 'not_text'],
    ['a flood', 'x'.repeat(MAX_STREAM_MESSAGE_CHARS + 1), 'too_large'],
    ['half a message', '{"event":"media"', 'not_json'],
    ['a list', '[]', 'not_an_object'],
    ['null', 'null', 'not_an_object'],
    ['no event', '{}', 'no_event'],
    ['an event that is no word', '{"event":7}', 'no_event'],
    ['media without media', '{"event":"media","sequenceNumber":"1","streamSid":"MZ1"}', 'missing_field'],
    ['media that is a list', JSON.stringify({ ...media, media: [] }), 'bad_field'],
    ['no payload', changed({ payload: undefined }), 'missing_field'],
    ['an empty payload', changed({ payload: '' }), 'bad_payload'],
    ['a payload that is no base64', changed({ payload: 'a b=' }), 'bad_payload'],
    ['a payload cut short', changed({ payload: payload.slice(0, -3) }), 'bad_payload'],
    ['a payload that is no string', changed({ payload: 12 }), 'bad_payload'],
    ['far too much audio', changed({ payload: 'A'.repeat(MAX_MEDIA_PAYLOAD_CHARS + 4) }), 'bad_payload'],
    ['a timestamp that is no number', changed({ timestamp: '1e3' }), 'bad_number'],
    ['a negative timestamp', changed({ timestamp: '-20' }), 'bad_number'],
    [
      'a start without call',
      JSON.stringify({ ...start, start: { ...start.start, callSid: undefined } }),
      'missing_field',
    ],
    [
      'a start with a nested parameter',
      JSON.stringify({ ...start, start: { ...start.start, customParameters: { a: {} } } }),
      'bad_field',
    ],
    [
      'a key that is two digits',
      '{"event":"dtmf","sequenceNumber":"1","streamSid":"MZ1","dtmf":{"digit":"12"}}',
      'bad_field',
    ],
  ])('that is %s is malformed, by name', (_, raw, fault) => {
    expect(parseStreamMessage(raw)).toMatchObject({ event: 'malformed', fault });
  });

  it('that is malformed is not quoted back', () => {
    expect(JSON.stringify(parseStreamMessage(changed({ payload: 'secret words!' })))).not.toContain('secret');
  });
});

describe('a command to Twilio', () => {
  it('is read by who plays Twilio as it was meant', () => {
    expect(parseStreamCommand(encodeMedia('MZ1', payload))).toEqual({
      event: 'media',
      streamSid: 'MZ1',
      payload,
    });
    expect(parseStreamCommand(encodeMark('MZ1', 'g1-2'))).toEqual({
      event: 'mark',
      streamSid: 'MZ1',
      name: 'g1-2',
    });
    expect(parseStreamCommand(encodeClear('MZ1'))).toEqual({ event: 'clear', streamSid: 'MZ1' });
  });

  it.each([
    '',
    'null',
    '{"event":"media","streamSid":"MZ1"}',
    '{"event":"dance","streamSid":"MZ1"}',
    '{"event":"clear"}',
    '{"event":"media","streamSid":"MZ1","media":{"payload":"?"}}',
  ])('that Twilio would refuse is refused: %s', (raw) => {
    expect(parseStreamCommand(raw)).toBeUndefined();
  });
});
