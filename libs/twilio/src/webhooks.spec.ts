import { describe, expect, it } from '@jest/globals';
import { parseCallStatus, parseIncomingCall, parseStreamStatus } from './webhooks.js';

const form = {
  CallSid: 'CA0123456789abcdef0123456789abcdef',
  AccountSid: 'AC1',
  From: '+14165550111',
  To: '+16135550100',
  CallStatus: 'ringing',
};

describe('an incoming call', () => {
  it('is narrowed to what we need', () => {
    expect(parseIncomingCall(form)).toEqual({
      kind: 'incoming_call',
      callSid: form.CallSid,
      accountSid: 'AC1',
      from: '+14165550111',
      to: '+16135550100',
    });
  });

  it.each([
    'anonymous',
    'Anonymous',
    'Restricted',
    'unavailable',
    '',
    '+266696687',
    '+7378742833',
    '+86282452253',
    'client:bob',
    'sip:bob@example.com',
    undefined,
  ])('from %j is answered as withheld', (From) => {
    expect(parseIncomingCall({ ...form, From })).toMatchObject({ kind: 'incoming_call', from: undefined });
  });

  it.each([
    ['CallSid', undefined, 'CallSid is missing'],
    ['CallSid', 'CA 1|x', 'CallSid is malformed'],
    ['CallSid', ['CA1', 'CA2'], 'CallSid is missing'],
    ['To', undefined, 'To is missing'],
    ['To', 'sip:x@example.com', 'To is malformed'],
    ['AccountSid', undefined, 'AccountSid is missing'],
  ])('whose %s is %j is invalid', (field, value, fault) => {
    expect(parseIncomingCall({ ...form, [field]: value })).toEqual({ kind: 'invalid', faults: [fault] });
  });

  it('names all that is wrong at once', () => {
    expect(parseIncomingCall({})).toEqual({
      kind: 'invalid',
      faults: ['CallSid is missing', 'AccountSid is missing', 'To is missing'],
    });
  });
});

describe('a status callback', () => {
  it('gives the duration in milliseconds', () => {
    expect(parseCallStatus({ ...form, CallStatus: 'completed', CallDuration: '42' })).toMatchObject({
      kind: 'call_status',
      status: 'completed',
      durationMs: 42_000,
      streamError: undefined,
    });
  });

  it.each([
    [undefined, 'CallStatus is missing'],
    ['exploded', 'CallStatus is not one of the statuses we know'],
  ])('with the status %j is invalid', (CallStatus, fault) => {
    expect(parseCallStatus({ ...form, CallStatus })).toEqual({ kind: 'invalid', faults: [fault] });
  });
});

describe("a stream's status callback", () => {
  it('tells what became of the stream', () => {
    expect(
      parseStreamStatus({ CallSid: 'CA1', StreamEvent: 'stream-error', StreamError: 'refused' }),
    ).toEqual({
      kind: 'stream_status',
      callSid: 'CA1',
      event: 'stream-error',
      streamError: 'refused',
    });
  });

  it('with an unknown event is invalid', () => {
    expect(parseStreamStatus({ CallSid: 'CA1', StreamEvent: 'x' })).toMatchObject({ kind: 'invalid' });
  });
});
