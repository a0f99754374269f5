import { describe, expect, it } from '@jest/globals';
import { factsTrueAt, localTime } from './dated-facts.js';

const TORONTO = 'America/Toronto';

const isTold = (validFrom: string, validUntil: string, at: string, timeZone = TORONTO): boolean =>
  factsTrueAt([{ text: 'Half price.', validFrom, validUntil }], new Date(at), timeZone).length > 0;

describe('a fact with dates', () => {
  it.each([
    ['on its first day, in its first minute', '2026-12-24', '', '2026-12-24T05:00:00Z', true],
    ['a minute before its first day', '2026-12-24', '', '2026-12-24T04:59:59Z', false],
    ['on its last day, in the last minute', '', '2026-12-24', '2026-12-25T04:59:59Z', true],
    ['when its last day is over', '', '2026-12-24', '2026-12-25T05:00:00Z', false],
    ['on its only day', '2026-12-24', '2026-12-24', '2026-12-24T17:00:00Z', true],
    ['in the minute before it ends at noon', '', '2026-12-24T12:00', '2026-12-24T16:59:00Z', true],
    ['at noon, when it ends', '', '2026-12-24T12:00', '2026-12-24T17:00:00Z', false],
    ['a minute before it begins at noon', '2026-12-24T12:00', '', '2026-12-24T16:59:00Z', false],
    ['at noon, when it begins', '2026-12-24T12:00', '2026-12-24', '2026-12-24T17:00:00Z', true],
    ['in summer time', '', '2026-07-01T12:00', '2026-07-01T15:59:00Z', true],
    ['at an end in summer time', '', '2026-07-01T12:00', '2026-07-01T16:00:00Z', false],
    ['over the turn of the year', '2026-12-24', '2027-01-02', '2027-01-01T12:00:00Z', true],
    ['with an end that nobody can read', '', '24.12.2026', '2026-12-01T12:00:00Z', false],
  ])('%s', (_, validFrom, validUntil, at, expected) => {
    expect(isTold(validFrom, validUntil, at)).toBe(expected);
  });

  it('goes by the time of the business, not by ours', () => {
    const at = '2026-12-24T20:00:00Z';
    expect(isTold('', '2026-12-24', at, 'Asia/Manila')).toBe(false);
    expect(isTold('', '2026-12-24', at, 'America/Vancouver')).toBe(true);
  });

  it('tells when it ends', () => {
    const facts = [
      { text: 'Half price.', validFrom: '', validUntil: '2026-12-24T12:00' },
      { text: 'We do roofs', validFrom: '2026-01-01', validUntil: '' },
    ];
    expect(factsTrueAt(facts, new Date('2026-12-01T12:00:00Z'), TORONTO)).toEqual([
      'Half price (until 2026-12-24, 12:00).',
      'We do roofs',
    ]);
  });
});

describe('the local time', () => {
  it.each([
    [TORONTO, '2026-12-24T00:05'],
    ['Asia/Manila', '2026-12-24T13:05'],
    ['Middle/Earth', '2026-12-24T05:05'],
    ['', '2026-12-24T05:05'],
  ])('in %j', (timeZone, expected) => {
    expect(localTime(new Date('2026-12-24T05:05:00Z'), timeZone)).toBe(expected);
  });
});
