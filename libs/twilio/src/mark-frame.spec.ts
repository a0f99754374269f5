import { describe, expect, it } from '@jest/globals';
import { MarkFrame } from './mark-frame.js';
import { parseAnyStreamMessage, parseStreamMessage } from './stream-messages.js';

const MARK = '{"event":"mark","sequenceNumber":"7","streamSid":"MZ1","mark":{"name":"g3.41"}}';

describe('a mark that comes back', () => {
  it('is read as Twilio writes it, and in another order of its members', () => {
    const frame = new MarkFrame();
    for (const text of [
      MARK,
      '{"event":"mark","mark":{"name":"g3.41"},"streamSid":"MZ1","sequenceNumber":"7"}',
    ]) {
      expect(frame.read(text)).toBe(true);
      expect([frame.sequence, frame.streamSid, frame.markName]).toEqual([7, 'MZ1', 'g3.41']);
      expect(parseStreamMessage(text)).toEqual(parseAnyStreamMessage(text));
    }
  });

  it.each([
    ['white space', MARK.replace('"mark":{', '"mark": {')],
    ['an escape in its name', MARK.replace('g3.41', 'g3\\u002e41')],
    ['a quote in its name', MARK.replace('g3.41', 'g3\\"41')],
    ['no name', MARK.replace('g3.41', '')],
    ['a name that is too long', MARK.replace('g3.41', 'x'.repeat(300))],
    ['a member twice', MARK.replace('"streamSid"', '"mark":{"name":"other"},"streamSid"')],
    [
      'a member of another version',
      MARK.replace('"mark"', '"more":1,"mark"').replace('"event":"more":1,', ''),
    ],
    ['another member within', MARK.replace('"g3.41"', '"g3.41","more":1')],
    ['something behind it', `${MARK} `],
    ['its end missing', MARK.slice(0, -1)],
  ])('with %s is left to the general parser, which judges it alone', (_what, text) => {
    expect(new MarkFrame().read(text)).toBe(false);
    expect(parseStreamMessage(text)).toEqual(parseAnyStreamMessage(text));
  });
});
