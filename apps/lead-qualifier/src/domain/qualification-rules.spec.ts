import { describe, expect, it } from '@jest/globals';
import type { CapturedField } from './captured-fields.js';
import type { Answers } from './lead-extractor.js';
import { decideQualification } from './qualification-rules.js';
import type { Evidence } from './qualification-rules.js';
import type { Speaker, Utterance } from './transcript.js';

const said = (seq: number, speaker: Speaker, text: string): Utterance => ({
  seq,
  speaker,
  text,
  language: 'en',
  startedAtMs: 0,
  endedAtMs: 1,
  interrupted: false,
});

const NOTHING: Answers = {
  callerName: undefined,
  callbackNumber: undefined,
  email: undefined,
  jobSummary: undefined,
  preferredDatetime: undefined,
  intent: 'none',
  urgent: false,
  summary: '',
};

const EVERYTHING: Answers = {
  callerName: 'Marie Tremblay',
  callbackNumber: '+16135550142',
  email: 'marie@example.com',
  jobSummary: 'leaking sink',
  preferredDatetime: 'tomorrow',
  intent: 'new_work',
  urgent: true,
  summary: 'Marie Tremblay called.',
};

const readBack: CapturedField = {
  name: 'callback_number',
  value: '+16135550142',
  utteranceSeq: 2,
  readBack: true,
};

const evidence = (
  changes: Omit<Partial<Evidence>, 'answers'> & { answers?: Partial<Answers> } = {},
): Evidence => {
  const utterances = changes.utterances ?? [said(1, 'assistant', 'Hello'), said(2, 'caller', 'Hello')];
  return {
    fields: [],
    lastUtteranceSeq: utterances.length,
    connected: true,
    silentByBridge: false,
    talkTimeMs: 2_000,
    callerIdShown: true,
    ...changes,
    utterances,
    answers: { ...NOTHING, ...changes.answers },
  };
};

const greetingOnly = [said(1, 'assistant', 'Hello')];

describe('decideQualification', () => {
  it.each<[string, Evidence, string]>([
    [
      'a call that never reached the assistant',
      evidence({ connected: false, utterances: [], talkTimeMs: 0 }),
      'never_connected',
    ],
    [
      'a caller who the bridge says never spoke',
      evidence({ silentByBridge: true, utterances: greetingOnly, talkTimeMs: 0 }),
      'silent_caller',
    ],
    [
      'a caller of whom nothing was heard',
      evidence({ utterances: greetingOnly, talkTimeMs: 200 }),
      'silent_caller',
    ],
    [
      'a bridge that died before anything was said',
      evidence({ utterances: [], lastUtteranceSeq: undefined, talkTimeMs: 0 }),
      'never_connected',
    ],
    ['a recording or an unsolicited offer', evidence({ answers: { intent: 'unsolicited_offer' } }), 'spam'],
    [
      'a caller who asks for nothing and leaves nothing',
      evidence({ answers: { intent: 'none', callerName: 'Marie' } }),
      'no_intent',
    ],
  ])('dismisses %s', (_name, given, reason) => {
    expect(decideQualification(given)).toMatchObject({
      kind: 'dismissed',
      reason,
      explanation: expect.stringMatching(/\.$/),
    });
  });

  it.each<[string, Evidence, string]>([
    ['new work with a number to call', evidence({ answers: EVERYTHING }), 'lead_capture'],
    [
      'new work from a number that can be called back',
      evidence({ answers: { intent: 'new_work' } }),
      'lead_capture',
    ],
    [
      'new work without any way to answer',
      evidence({ answers: { intent: 'new_work' }, callerIdShown: false }),
      'prospect_call',
    ],
    ['work in hand', evidence({ answers: { ...EVERYTHING, intent: 'existing_work' } }), 'customer_service'],
    ['a question', evidence({ answers: { intent: 'question' } }), 'prospect_call'],
    [
      'no intent, but a number to call',
      evidence({ answers: { callbackNumber: '+16135550142' } }),
      'prospect_call',
    ],
  ])('qualifies %s', (_name, given, category) => {
    expect(decideQualification(given)).toMatchObject({ kind: 'qualified', category });
  });

  it.each<[string, Evidence]>([
    [
      'speech that was measured but never transcribed',
      evidence({ utterances: greetingOnly, talkTimeMs: 9_000 }),
    ],
    ['an intent that may be in the part that is missing', evidence({ lastUtteranceSeq: 5 })],
    ['a bridge that died in mid-call', evidence({ lastUtteranceSeq: undefined })],
    [
      'utterances that are known to be missing, all of them',
      evidence({ utterances: [], lastUtteranceSeq: 3, talkTimeMs: 0 }),
    ],
    [
      'a captured field without a transcript',
      evidence({
        utterances: [],
        lastUtteranceSeq: undefined,
        fields: [readBack],
        answers: { callbackNumber: '+16135550142' },
      }),
    ],
  ])('gives the caller the benefit of the doubt: %s', (_name, given) => {
    expect(decideQualification(given).kind).toBe('qualified');
  });

  it('scores 100 when all is there, and says why', () => {
    expect(decideQualification(evidence({ answers: EVERYTHING, fields: [readBack] }))).toEqual({
      kind: 'qualified',
      category: 'lead_capture',
      score: 100,
      reasons: [
        'callback_number_given',
        'callback_number_confirmed',
        'name_given',
        'email_given',
        'job_described',
        'preferred_time_given',
        'urgent',
        'new_work',
      ],
    });
  });

  it.each<[string, Partial<Answers>, boolean, number]>([
    ['only the number they called from', { intent: 'question' }, true, 15],
    ['a number that cannot be checked', { intent: 'question', callbackNumber: '555 01' }, true, 15],
    ['a number', { intent: 'question', callbackNumber: '+16135550142' }, false, 30],
    [
      'a number and a job',
      { intent: 'new_work', callbackNumber: '+16135550142', jobSummary: 'sink' },
      false,
      55,
    ],
  ])('scores %s', (_name, answers, callerIdShown, score) => {
    expect(decideQualification(evidence({ answers, callerIdShown }))).toMatchObject({ score });
  });

  it('names what is missing among the reasons', () => {
    const verdict = decideQualification(
      evidence({ utterances: greetingOnly, lastUtteranceSeq: 4, talkTimeMs: 9_000 }),
    );
    expect(verdict).toMatchObject({
      reasons: expect.arrayContaining(['transcript_unavailable', 'transcript_incomplete']),
    });
  });
});
