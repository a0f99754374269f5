import { describe, expect, it } from '@jest/globals';
import { type KnownCall, type PhoneStatus, stepOf } from './call-state.js';

const ringing: KnownCall = { state: 'in_progress', phoneStatus: 'ringing', reason: '', ended: false };

describe('a call that is followed', () => {
  it('moves forward', () => {
    expect(stepOf(ringing, 'in-progress')).toEqual({ kind: 'moved', phoneStatus: 'in-progress' });
  });

  it.each<[PhoneStatus, PhoneStatus]>([
    ['in-progress', 'ringing'],
    ['in-progress', 'initiated'],
    ['in-progress', 'in-progress'],
    ['ringing', 'queued'],
  ])('does not move from %s back to %s', (phoneStatus, reported) => {
    expect(stepOf({ ...ringing, phoneStatus }, reported)).toEqual({ kind: 'ignored', why: 'not_newer' });
  });

  it.each<[PhoneStatus, string, string]>([
    ['completed', 'completed', 'caller_hung_up'],
    ['busy', 'busy', 'busy'],
    ['failed', 'failed', 'call_failed'],
    ['no-answer', 'no_answer', 'no_answer'],
    ['canceled', 'canceled', 'caller_canceled'],
  ])('ends with %s as %s', (reported, state, reason) => {
    expect(stepOf(ringing, reported)).toEqual({ kind: 'ended', phoneStatus: reported, state, reason });
  });

  it('ends for the cause that was noted while it ran', () => {
    const noted = { ...ringing, reason: 'stream_failed' };
    expect(stepOf(noted, 'completed')).toMatchObject({ state: 'completed', reason: 'stream_failed' });
    expect(stepOf(noted, 'failed')).toMatchObject({ state: 'failed', reason: 'call_failed' });
  });

  it('stays declined when Twilio calls it completed', () => {
    const declined: KnownCall = { ...ringing, state: 'declined', reason: 'no_capacity' };
    expect(stepOf(declined, 'completed')).toMatchObject({
      kind: 'ended',
      state: 'declined',
      reason: 'no_capacity',
    });
  });

  it.each<PhoneStatus>(['completed', 'failed', 'in-progress', 'queued'])(
    'has ended once and for all, whatever comes: %s',
    (late) => {
      expect(stepOf({ ...ringing, state: 'completed', phoneStatus: 'completed', ended: true }, late)).toEqual(
        {
          kind: 'ignored',
          why: 'ended_already',
        },
      );
    },
  );
});
