/** How a call stands, as it is stored and shown. */
export type CallState =
  'in_progress' | 'completed' | 'declined' | 'failed' | 'busy' | 'no_answer' | 'canceled';

/** What the phone network says of a call, in the order in which it can say it. */
export type PhoneStatus =
  | 'queued'
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled';

export type FinalStatus = Extract<PhoneStatus, 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled'>;

/** What we know of a call when a report about it comes in. */
export interface KnownCall {
  readonly state: CallState;
  readonly phoneStatus: PhoneStatus;
  /** Noted before the end, e.g. why it was declined or that the assistant hung up; empty when there is nothing to note. */
  readonly reason: string;
  readonly ended: boolean;
}

/** What a report changes. Reports come late, twice and out of order; only what moves the call forward counts. */
export type Step =
  | { readonly kind: 'ignored'; readonly why: 'ended_already' | 'not_newer' }
  | { readonly kind: 'moved'; readonly phoneStatus: PhoneStatus }
  | {
      readonly kind: 'ended';
      readonly phoneStatus: FinalStatus;
      readonly state: CallState;
      readonly reason: string;
    };

const ORDER: Readonly<Record<PhoneStatus, number>> = {
  queued: 0,
  initiated: 1,
  ringing: 2,
  'in-progress': 3,
  completed: 4,
  busy: 4,
  failed: 4,
  'no-answer': 4,
  canceled: 4,
};

const ENDS: Readonly<Record<FinalStatus, { readonly state: CallState; readonly reason: string }>> = {
  completed: { state: 'completed', reason: 'caller_hung_up' },
  busy: { state: 'busy', reason: 'busy' },
  failed: { state: 'failed', reason: 'call_failed' },
  'no-answer': { state: 'no_answer', reason: 'no_answer' },
  canceled: { state: 'canceled', reason: 'caller_canceled' },
};

export const isFinal = (status: PhoneStatus): status is FinalStatus => status in ENDS;

/**
 * Decides what a report about a call changes. A declined call stays declined: Twilio calls it completed, since it
 * did answer and spoke our apology. A cause that was noted while the call ran explains a "completed".
 */
export const stepOf = (call: KnownCall, reported: PhoneStatus): Step => {
  if (call.ended) return { kind: 'ignored', why: 'ended_already' };
  if (!isFinal(reported)) {
    const newer = ORDER[reported] > ORDER[call.phoneStatus];
    return newer ? { kind: 'moved', phoneStatus: reported } : { kind: 'ignored', why: 'not_newer' };
  }
  const end = ENDS[reported];
  if (call.state === 'declined')
    return { kind: 'ended', phoneStatus: reported, state: 'declined', reason: call.reason };
  const reason = reported === 'completed' && call.reason !== '' ? call.reason : end.reason;
  return { kind: 'ended', phoneStatus: reported, state: end.state, reason };
};
