import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FieldName, GetLeadRequestSchema, GetLeadResponseSchema, LeadState } from '@tradeline/contracts';
import type { Lead } from '@tradeline/contracts';
import { eventually, startFakeOpenAi } from '@tradeline/testing';
import type { RunningFakeOpenAi } from '@tradeline/testing';
import { aConversation, aTenant, saySinkCall, SINK_CALL, speakerOf } from './conversations.js';
import type { Conversation } from './conversations.js';
import { startPlatform } from './platform.js';
import type { Platform } from './platform.js';

describe('a transcript that a model reads', () => {
  let model: RunningFakeOpenAi;
  let platform: Platform;

  beforeAll(async () => {
    model = await startFakeOpenAi({ apiKey: 'sk-test', delays: { responsesMs: 1 } });
    platform = await startPlatform({
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_TIMEOUT_MS: '300',
    });
  }, 60_000);

  afterAll(async () => {
    await platform?.stop();
    await model?.close();
  });

  const sinkCall = async (): Promise<Conversation> => {
    const conversation = aConversation(aTenant());
    const speaker = speakerOf(platform, conversation);
    await saySinkCall(platform, conversation);
    await speaker.field(FieldName.CALLBACK_NUMBER, '+16135550142');
    await speaker.ended(SINK_CALL.length);
    return conversation;
  };

  const decided = ({ tenantId, callId }: Conversation): Promise<Lead | undefined> =>
    eventually(
      async () =>
        (await platform.ask(GetLeadRequestSchema, GetLeadResponseSchema, { tenantId, callId })).lead,
    );

  it('becomes a lead that says so, in a form that the API accepts as strict', async () => {
    model.control.heal();
    expect(await decided(await sinkCall())).toMatchObject({
      state: LeadState.QUALIFIED,
      extractedBy: 'openai',
      callerName: 'Marie Tremblay',
      callbackNumber: '+16135550142',
    });
  });

  it.each([['responses-failed'], ['responses-rate-limited'], ['responses-hangs']] as const)(
    'becomes a lead by the rules when the model is in trouble (%s)',
    async (fault) => {
      model.control.heal();
      model.control.fail({ name: fault });
      expect(await decided(await sinkCall())).toMatchObject({
        state: LeadState.QUALIFIED,
        extractedBy: 'rules',
        callerName: 'Marie Tremblay',
        callbackNumber: '+16135550142',
      });
    },
  );
});
