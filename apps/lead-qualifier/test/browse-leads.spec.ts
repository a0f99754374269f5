import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  LeadState,
  ListLeadsRequestSchema,
  ListLeadsResponseSchema,
  Speaker,
} from '@tradeline/contracts';
import { eventually } from '@tradeline/testing';
import { aConversation, aTenant, speakerOf } from './conversations.js';
import type { Conversation } from './conversations.js';
import { startPlatform } from './platform.js';
import type { Platform } from './platform.js';

describe('browsing leads', () => {
  let platform: Platform;
  const tenantId = aTenant();
  const neighbour = aTenant();
  const mine: Conversation[] = Array.from({ length: 5 }, () => aConversation(tenantId));
  const theirs = aConversation(neighbour);

  beforeAll(async () => {
    platform = await startPlatform();
    for (const conversation of [...mine, theirs]) {
      const speaker = speakerOf(platform, conversation);
      if (conversation === mine[0]) {
        await speaker.callEnded({ withConversation: false });
      } else {
        await speaker.utterance(1, Speaker.CALLER, `My sink leaks. Call ${conversation.callId}.`);
        await speaker.ended(1);
      }
      await eventually(() =>
        platform.ask(GetLeadRequestSchema, GetLeadResponseSchema, {
          tenantId: conversation.tenantId,
          callId: conversation.callId,
        }),
      );
    }
  }, 60_000);

  afterAll(() => platform?.stop());

  const list = (cursor: string, limit: number, state = LeadState.UNSPECIFIED) =>
    platform.ask(ListLeadsRequestSchema, ListLeadsResponseSchema, { tenantId, cursor, limit, state });

  it('pages newest first, each lead once, and says when there is no more', async () => {
    const first = await list('', 2);
    const second = await list(first.nextCursor, 2);
    const third = await list(second.nextCursor, 2);
    const calls = [first, second, third].flatMap((page) => page.leads.map((lead) => lead.callId));
    expect(calls).toEqual(mine.map(({ callId }) => callId).reverse());
    expect(first.nextCursor).not.toContain('ld_');
    expect(third.nextCursor).toBe('');
  });

  it('can show one state only', async () => {
    expect((await list('', 10, LeadState.DISMISSED)).leads.map((lead) => lead.callId)).toEqual([
      mine[0]?.callId,
    ]);
    expect((await list('', 10, LeadState.QUALIFIED)).leads).toHaveLength(4);
  });

  it('takes any limit for one between 1 and 100', async () => {
    expect((await list('', -3)).leads).toHaveLength(1);
    expect((await list('', 10_000)).leads).toHaveLength(5);
    expect((await list('', 0)).leads).toHaveLength(5);
  });

  it('refuses a cursor it did not give out', async () => {
    await expect(list('bm90IGEgY3Vyc29y', 2)).rejects.toMatchObject({ name: 'RpcRefused', code: 'invalid' });
  });

  it("finds nothing of a neighbour's, whatever is asked for", async () => {
    const { lead } = await platform.ask(GetLeadRequestSchema, GetLeadResponseSchema, {
      tenantId: neighbour,
      callId: theirs.callId,
    });
    const refused = { name: 'RpcRefused', code: 'not_found' };
    const ask = platform.ask;
    await expect(
      ask(GetLeadRequestSchema, GetLeadResponseSchema, { tenantId, leadId: lead?.leadId ?? '' }),
    ).rejects.toMatchObject(refused);
    await expect(
      ask(GetLeadRequestSchema, GetLeadResponseSchema, { tenantId, callId: theirs.callId }),
    ).rejects.toMatchObject(refused);
    const transcript = ask(GetTranscriptRequestSchema, GetTranscriptResponseSchema, {
      tenantId,
      callId: theirs.callId,
    });
    await expect(transcript).rejects.toMatchObject(refused);
    expect((await list('', 100)).leads.map((each) => each.callId)).not.toContain(theirs.callId);
  });

  it('refuses a question without a lead, a call or a tenant', async () => {
    await expect(
      platform.ask(GetLeadRequestSchema, GetLeadResponseSchema, { tenantId }),
    ).rejects.toMatchObject({ code: 'invalid' });
    const nobody = platform.ask(GetLeadRequestSchema, GetLeadResponseSchema, {
      tenantId: '',
      callId: theirs.callId,
    });
    await expect(nobody).rejects.toMatchObject({ name: 'RpcRefused' });
  });
});
