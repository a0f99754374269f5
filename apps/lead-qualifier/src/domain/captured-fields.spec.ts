import { describe, expect, it } from '@jest/globals';
import { answersWithFields, atMostWords, mergeFields } from './captured-fields.js';
import type { CapturedField, FieldName } from './captured-fields.js';
import type { Answers } from './lead-extractor.js';

const field = (name: FieldName, value: string): CapturedField => ({
  name,
  value,
  utteranceSeq: 1,
  readBack: false,
});

/** Knows ten digits of one country. */
const normalise = (said: string): string | undefined => {
  const digits = said.replace(/\D/g, '').slice(-10);
  return digits.length === 10 ? `+1${digits}` : undefined;
};

const read: Answers = {
  callerName: 'Mary Trembly',
  callbackNumber: '613 555 0199',
  email: 'Mary@Example.com ',
  jobSummary: 'sink',
  preferredDatetime: undefined,
  intent: 'new_work',
  urgent: false,
  summary: 'word '.repeat(80),
};

describe('answersWithFields', () => {
  it('puts what was captured in the call before what was read afterwards', () => {
    const fields = [
      field('caller_name', 'Marie  Tremblay'),
      field('callback_number', '+1 613-555-0142'),
      field('email', ' '),
    ];
    expect(answersWithFields(read, fields, normalise)).toMatchObject({
      callerName: 'Marie Tremblay',
      callbackNumber: '+16135550142',
      email: 'mary@example.com',
      jobSummary: 'sink',
    });
  });

  it('keeps a number that cannot be checked as it was said, and drops what is no number and no address', () => {
    expect(answersWithFields(read, [field('callback_number', '555 01')], normalise).callbackNumber).toBe(
      '555 01',
    );
    expect(
      answersWithFields(read, [field('callback_number', 'you have it')], normalise).callbackNumber,
    ).toBeUndefined();
    expect(
      answersWithFields({ ...read, email: 'none' }, [field('email', 'marie at home')], normalise).email,
    ).toBeUndefined();
  });

  it('bounds what is long', () => {
    const fields = [field('job_summary', 'word '.repeat(80)), field('caller_name', 'x'.repeat(500))];
    const answers = answersWithFields(read, fields, normalise);
    expect(answers.jobSummary?.split(' ')).toHaveLength(50);
    expect(answers.summary.split(' ')).toHaveLength(50);
    expect(answers.callerName).toHaveLength(120);
  });
});

describe('mergeFields', () => {
  it('lets the last word on a field win, and loses none', () => {
    const merged = mergeFields(
      [field('email', 'a@example.com'), field('caller_name', 'Marie')],
      [field('email', 'b@example.com')],
    );
    expect(merged.map(({ name, value }) => [name, value])).toEqual([
      ['email', 'b@example.com'],
      ['caller_name', 'Marie'],
    ]);
  });
});

describe('atMostWords', () => {
  it('cuts at a word', () => {
    expect(atMostWords('one two three', 2)).toBe('one two…');
    expect(atMostWords(' one  two ', 2)).toBe('one two');
  });
});
