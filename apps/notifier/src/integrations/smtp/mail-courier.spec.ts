import { describe, expect, it } from '@jest/globals';
import { mailTrouble, tlsDemand } from './mail-courier.js';

describe('mail trouble', () => {
  it.each([
    [{ responseCode: 451, response: '451 greylisted' }, 'transient'],
    [{ responseCode: 550, response: '550 no such user' }, 'permanent'],
    [{ code: 'EAUTH', responseCode: 535 }, 'transient'],
    [{ code: 'ETIMEDOUT' }, 'transient'],
    [{ code: 'ESOCKET' }, 'transient'],
  ])('%j is %s', (error, kind) => {
    expect(mailTrouble(error).facts.kind).toBe(kind);
  });

  it('keeps no address of the answer', () => {
    const { facts } = mailTrouble({ responseCode: 550, response: '550 <owner@example.com> unknown' });
    expect(`${facts.redactedBody}${facts.words}`).not.toContain('owner@example.com');
  });
});

describe('TLS towards the mail server', () => {
  it.each([
    ['smtp://user:secret@mail.example.com:587', true],
    ['smtp://mail.example.com:25', false],
    ['smtp://user:secret@127.0.0.1:2525', false],
    ['smtps://user:secret@mail.example.com', false],
    ['smtp://user:secret@mail.example.com:587?ignoreTLS=true', false],
  ])('%s: demanded beyond what the address says: %s', (url, demanded) => {
    expect(tlsDemand(url).requireTLS ?? false).toBe(demanded);
  });
});
