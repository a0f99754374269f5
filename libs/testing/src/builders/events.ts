import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  CallResult,
  ConversationResult,
  type CallEndedSchema,
  type ConversationEndedSchema,
} from '@tradeline/contracts';

/** An event's content as its publisher gives it, without `meta`. */
type Content<Init> = Omit<Extract<Init, { $typeName?: never }>, 'meta' | '$typeName' | '$unknown'>;
type CallEndedContent = Content<MessageInitShape<typeof CallEndedSchema>>;
type ConversationEndedContent = Content<MessageInitShape<typeof ConversationEndedSchema>>;

const TALKED_MS = 20_000;
const OURS = '+16135550199';
const CALLERS = '+16135550142';

/** A call of twenty seconds that the caller ended just now; say only what matters to the test. */
export const aCallEnded = (over: CallEndedContent = {}): CallEndedContent => ({
  callId: 'ca_1',
  callSid: 'CA1',
  conversationId: 'cv_1',
  result: CallResult.COMPLETED,
  reason: 'caller_hung_up',
  durationMs: BigInt(TALKED_MS),
  startedAt: timestampFromDate(new Date(Date.now() - TALKED_MS)),
  endedAt: timestampFromDate(new Date()),
  toNumber: OURS,
  ...over,
});

/** A conversation in which both said something, ended by the caller; say only what matters to the test. */
export const aConversationEnded = (over: ConversationEndedContent = {}): ConversationEndedContent => ({
  callId: 'ca_1',
  callSid: 'CA1',
  conversationId: 'cv_1',
  language: 'en-CA',
  result: ConversationResult.COMPLETED,
  reason: 'caller_hung_up',
  lastUtteranceSeq: 4,
  talkTimeMs: 5_000n,
  fromNumber: CALLERS,
  toNumber: OURS,
  ...over,
});
