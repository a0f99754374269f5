import { describe, expect, it } from '@jest/globals';
import type { ParsedStreamMessage } from '@tradeline/twilio';
import { StreamOrder } from './stream-order.js';

const connected: ParsedStreamMessage = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const start: ParsedStreamMessage = {
  event: 'start',
  sequence: 1,
  streamSid: 'MZ1',
  accountSid: 'AC1',
  callSid: 'CA1',
  tracks: ['inbound'],
  customParameters: {},
  mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
};
const media = (sequence: number, change: object = {}): ParsedStreamMessage => ({
  event: 'media',
  sequence,
  streamSid: 'MZ1',
  track: 'inbound',
  chunk: 1,
  timestampMs: 0,
  payload: '',
  ...change,
});

describe('the order of a media stream', () => {
  it.each<[string, ParsedStreamMessage[], string[]]>([
    ['a call', [connected, start, media(2), media(3)], ['message', 'message', 'message', 'message']],
    [
      'one number left out',
      [connected, start, media(2), media(7)],
      ['message', 'message', 'message', 'message'],
    ],
    ['no connected', [start, media(2)], ['message', 'message']],
    ['a repeated number', [start, media(2), media(2)], ['message', 'message', 'stream_bad_sequence']],
    ['a number that goes back', [start, media(9), media(3)], ['message', 'message', 'stream_bad_sequence']],
    ['our own voice', [start, media(2, { track: 'outbound' })], ['message', 'ignored']],
    ['another stream', [start, media(2, { streamSid: 'MZ2' })], ['message', 'stream_wrong_stream_sid']],
    [
      'what comes after the end',
      [start, { event: 'stop', sequence: 2, streamSid: 'MZ1', accountSid: '', callSid: 'CA1' }, media(1)],
      ['message', 'message', 'ignored'],
    ],
    ['an event of tomorrow', [start, { event: 'unknown', name: 'x' }], ['message', 'ignored']],
  ])('%s', (_, messages, expected) => {
    const order = new StreamOrder();
    const steps = messages.map((message) => order.accept(message));
    expect(steps.map((step) => (step.kind === 'fault' ? step.fault : step.kind))).toEqual(expected);
  });
});
