import { describe, expect, it } from '@jest/globals';
import { parseTwiml, TwimlUnreadable } from './twiml.js';

describe('parseTwiml', () => {
  it('reads verbs in order with their attributes, text and nouns', () => {
    const { verbs, warnings } = parseTwiml(
      '<?xml version="1.0"?><Response><Say language="fr-CA">Bonjour &amp; bienvenue</Say>' +
        '<Connect action="/next"><Stream url="wss://h.example/s"><Parameter name="token" value="a&quot;b"/></Stream></Connect></Response>',
    );
    expect(warnings).toEqual([]);
    expect(verbs.map((verb) => verb.name)).toEqual(['Say', 'Connect']);
    expect(verbs[0]).toMatchObject({ text: 'Bonjour & bienvenue', attributes: { language: 'fr-CA' } });
    expect(verbs[1]?.children[0]?.children[0]?.attributes).toEqual({ name: 'token', value: 'a"b' });
  });

  it.each([
    ['an unclosed element', '<Response><Say>hello</Response>'],
    ['another root', '<Answer/>'],
    ['no XML', 'hello'],
    ['nothing', ''],
  ])('refuses %s with 12100', (_, xml) => {
    expect(() => parseTwiml(xml)).toThrow(TwimlUnreadable);
  });

  it.each([
    ['an unknown verb', '<Response><Sing/></Response>', '<Sing> is not allowed in <Response>'],
    [
      'a noun in the place of a verb',
      '<Response><Stream url="wss://h.example/s"/></Response>',
      '<Stream> is not allowed in <Response>',
    ],
    [
      'an unknown attribute',
      '<Response><Say mood="glad">x</Say></Response>',
      '"mood" is not allowed in <Say>',
    ],
    ['a wrong value', '<Response><Reject reason="tired"/></Response>', '"tired" is not a value for reason'],
    [
      'an attribute in the wrong case',
      '<Response><Pause Length="2"/></Response>',
      '"Length" is not allowed in <Pause>',
    ],
  ])('warns of %s and leaves it out', (_, xml, warning) => {
    const document = parseTwiml(xml);
    expect(document.warnings[0]).toContain(warning);
  });

  it('plays what is right beside what is wrong', () => {
    expect(parseTwiml('<Response><Sing/><Hangup/></Response>').verbs.map((verb) => verb.name)).toEqual([
      'Hangup',
    ]);
  });
});
