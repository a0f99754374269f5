import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AssistantProfileChangedSchema,
  CallEndedSchema,
  CallResult,
  ConversationEndedSchema,
  ConversationResult,
  FieldCapturedSchema,
  Speaker,
  UtteranceTranscribedSchema,
} from '@tradeline/contracts';
import type { FieldName } from '@tradeline/contracts';
import { newId } from '@tradeline/service-runtime';
import { aCallEnded, aConversationEnded } from '@tradeline/testing';
import type { Platform } from './platform.js';

export interface Conversation {
  readonly tenantId: string;
  readonly callId: string;
  readonly conversationId: string;
}

/** Every suite's tenants are its own, so suites on one platform do not meet. */
export const aTenant = (): string => newId('tn');

export const aConversation = (tenantId: string): Conversation => ({
  tenantId,
  callId: newId('ca'),
  conversationId: newId('cv'),
});

export const SINK_CALL: readonly (readonly [Speaker, string])[] = [
  [Speaker.ASSISTANT, 'Thank you for calling. How can I help?'],
  [Speaker.CALLER, 'Hi, this is Marie Tremblay, my kitchen sink is leaking.'],
  [Speaker.ASSISTANT, 'I am sorry to hear that. What number can we call you on?'],
  [Speaker.CALLER, '613 555 0142, tomorrow after three would be best.'],
];

/** What realtime-bridge and telephony-gateway say about one conversation. */
export const speakerOf = (platform: Platform, conversation: Conversation) => {
  const { tenantId, callId, conversationId } = conversation;
  const where = { callId, conversationId };
  return {
    utterance: (seq: number, speaker: Speaker, text: string, language = 'en-CA') =>
      platform.say(
        UtteranceTranscribedSchema,
        {
          ...where,
          seq,
          speaker,
          text,
          language,
          startedAtMs: BigInt(seq * 1_000),
          endedAtMs: BigInt(seq * 1_000 + 900),
          interrupted: false,
        },
        { tenantId },
      ),
    field: (name: FieldName, value: string, capturedAt = new Date()) =>
      platform.say(
        FieldCapturedSchema,
        { ...where, field: { name, value, utteranceSeq: 2, readBack: true } },
        { tenantId, occurredAt: capturedAt },
      ),
    ended: (
      lastUtteranceSeq: number,
      {
        result = ConversationResult.COMPLETED,
        secondsAgo = 0,
        talkTimeMs = 5_000,
        fromNumber = '+16135550100',
      } = {},
    ) =>
      platform.say(
        ConversationEndedSchema,
        aConversationEnded({
          ...where,
          result,
          lastUtteranceSeq,
          talkTimeMs: BigInt(talkTimeMs),
          fromNumber,
        }),
        { tenantId, occurredAt: new Date(Date.now() - secondsAgo * 1_000) },
      ),
    callEnded: ({ secondsAgo = 0, withConversation = true, result = CallResult.COMPLETED } = {}) => {
      const endedAt = new Date(Date.now() - secondsAgo * 1_000);
      return platform.say(
        CallEndedSchema,
        aCallEnded({
          callId,
          conversationId: withConversation ? conversationId : '',
          result,
          startedAt: timestampFromDate(new Date(endedAt.getTime() - 20_000)),
          endedAt: timestampFromDate(endedAt),
        }),
        { tenantId, occurredAt: endedAt },
      );
    },
  };
};

export const saySinkCall = async (platform: Platform, conversation: Conversation): Promise<void> => {
  const speaker = speakerOf(platform, conversation);
  for (const [index, [who, text]] of SINK_CALL.entries()) await speaker.utterance(index + 1, who, text);
};

export const sayProfile = (
  platform: Platform,
  tenantId: string,
  region: string,
  languages: string[],
): Promise<void> =>
  platform.say(AssistantProfileChangedSchema, { businessName: 'Business', languages, region }, { tenantId });
