import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answersIn, eventually, overlapMs, readWav, speechSegments, stopsWithinMs } from '@tradeline/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveEvents } from '../src/live-events.js';
import { callBySid, mailsOf, type CallDetail, type Page } from '../src/outcome.js';
import { RunningPlatform } from '../src/running-platform.js';
import { traceOf, type Span } from '../src/trace.js';

const QUALIFIED = ['booked-plumber', 'furnace-emergency', 'number-change', 'price-question'] as const;
const DISMISSED = ['robocall', 'silent-caller'] as const;
/** The one in which the caller speaks over the assistant. */
const RECORDED = 'price-question';
/** Where a sentence ends; a dot within a word or a number does not end one. */
const SENTENCE_END = /[.!?…]+(?=\s|$)/gu;
const START_MS = 240_000;
const CALLS_MS = 180_000;

interface CrmRecords {
  readonly contacts: readonly { readonly properties: Readonly<Record<string, string>> }[];
  readonly calls: readonly { readonly properties: Readonly<Record<string, string>> }[];
  readonly associations: readonly unknown[];
}

const settled = ({ state, reason, lead, timings, deliveries }: CallDetail): void => {
  // The reason stands in the message of a failure.
  expect({ state, reason }).toMatchObject({ state: 'completed' });
  expect(lead).not.toBeNull();
  expect(timings).not.toBeNull();
  if (lead?.state === 'qualified')
    expect(deliveries?.map((delivery) => delivery.state)).toEqual(['delivered', 'delivered']);
};

describe('six calls through the whole platform', () => {
  let platform: RunningPlatform;
  let live: LiveEvents;
  let recording: string;
  let told = '';
  const askedAgain: string[] = [];
  let answered = 0;
  const details = new Map<string, CallDetail>();
  const detailOf = (scenario: string): CallDetail => {
    const detail = details.get(scenario);
    if (!detail) throw new Error(`${scenario} was not played`);
    return detail;
  };

  /** How the call is found afterwards. */
  const playListened = async (scenario: string): Promise<() => Promise<CallDetail>> => {
    const { callSid } = await platform.play(scenario, ({ type, text }) => {
      if (type === 'asked_again') askedAgain.push(`${scenario}: ${text}`);
      if (type === 'status' && text === 'in-progress') answered += 1;
    });
    return () => callBySid(platform, callSid ?? '');
  };
  /** The command starts when the others are answered: a process that starts takes all of a small machine. */
  const playRecorded = async (): Promise<() => Promise<CallDetail>> => {
    const others = QUALIFIED.length + DISMISSED.length - 1;
    await eventually(() => expect(answered).toBe(others), { timeoutMs: 30_000 });
    told = await platform.recordByCommand(RECORDED, recording);
    const [asked] = /asked again: .*/.exec(told) ?? [];
    if (asked) askedAgain.push(`${RECORDED}: ${asked}`);
    return () => platform.api<CallDetail>(`/v1/calls/${/tradeline trace (ca_\w+)/.exec(told)?.[1]}`);
  };

  beforeAll(async () => {
    platform = await RunningPlatform.start();
    live = await LiveEvents.open(`${platform.line.publicUrl}/v1/events`, platform.line.tenant.apiKey);
    recording = join(platform.dataDir, 'call.wav');
    await Promise.all(
      [...QUALIFIED, ...DISMISSED].map(async (scenario) => {
        const find = scenario === RECORDED ? await playRecorded() : await playListened(scenario);
        const detail = await eventually(
          async () => {
            const found = await find();
            settled(found);
            return found;
          },
          { timeoutMs: 30_000 },
        );
        details.set(scenario, detail);
      }),
    );
  }, START_MS + CALLS_MS);

  afterAll(async () => {
    live?.close();
    await platform?.stop();
    platform?.removeData();
  }, 60_000);

  it.each(QUALIFIED)('makes a lead of %s with the fields that the caller gave', async (scenario) => {
    const scenarios =
      await platform.sandbox<{ name: string; expected: { fields: Record<string, string> } }[]>(
        '/control/scenarios',
      );
    const expected = scenarios.find(({ name }) => name === scenario)?.expected.fields ?? {};
    expect(detailOf(scenario).lead).toMatchObject({ state: 'qualified', fields: expected });
    expect(Object.keys(expected).length).toBeGreaterThan(1);
  });

  it.each(DISMISSED)('dismisses %s with a reason and tells no CRM', (scenario) => {
    const { lead, deliveries } = detailOf(scenario);
    expect(lead).toMatchObject({ state: 'dismissed' });
    expect(lead?.dismissalReason).not.toBe('');
    expect(deliveries ?? []).toEqual([]);
  });

  it('writes down what both said, word for word', () => {
    const lines = detailOf('booked-plumber').transcript?.lines ?? [];
    const caller = lines.filter(({ speaker }) => speaker === 'caller').map(({ text }) => text);
    expect(caller).toContain('My name is Marie Tremblay.');
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    expect(lines.some(({ speaker, text }) => speaker === 'assistant' && text.includes('AI assistant'))).toBe(
      true,
    );
  });

  it('keeps of an interrupted sentence only what was heard', () => {
    const lines = detailOf('price-question').transcript?.lines ?? [];
    const cut = lines.find(({ interrupted }) => interrupted);
    expect(cut?.speaker).toBe('assistant');
    expect(cut?.text).not.toContain('How can I help you?');
  });

  it('says two sentences at most, in 98 of 100 replies', () => {
    // A reply is said to somebody who has spoken: neither the greeting is one, nor what breaks a silence.
    const replies = [...details.values()].flatMap(({ transcript }) => {
      const lines = transcript?.lines ?? [];
      const spoke = lines.findIndex(({ speaker }) => speaker === 'caller');
      return spoke < 0
        ? []
        : lines.slice(spoke).filter(({ speaker, interrupted }) => speaker === 'assistant' && !interrupted);
    });
    const long = replies
      .map(({ text }) => text)
      .filter((text) => (text.match(SENTENCE_END) ?? []).length > 2);
    expect(replies.length).toBeGreaterThan(15);
    expect(long.length <= replies.length * 0.02 ? [] : long).toEqual([]);
  });

  it('asks nobody again for what he has answered', () => {
    expect(askedAgain).toEqual([]);
  });

  it('is recorded as the caller heard it, who has the floor when he takes it', () => {
    const { channels } = readWav(readFileSync(recording));
    const [caller, assistant] = channels.map((samples) => speechSegments(samples));
    if (!caller || !assistant) throw new Error('the recording is not stereo');
    expect(told).toContain(recording);
    const lines = detailOf(RECORDED).transcript?.lines ?? [];
    expect(caller.length).toBeGreaterThanOrEqual(lines.filter(({ speaker }) => speaker === 'caller').length);
    expect(answersIn(caller, assistant).length).toBeGreaterThan(4);
    const spokenOverMs = stopsWithinMs(assistant, caller[0]?.fromMs ?? 0);
    expect(spokenOverMs).toBeGreaterThan(0);
    // Its own accuracy is another test's; here it need only not go on.
    expect(spokenOverMs).toBeLessThan(1_000);
    expect(overlapMs(caller, assistant)).toBeLessThan(2_000);
  });

  it('mails each qualified call once, as text and HTML', async () => {
    const mails = await mailsOf(platform);
    expect(mails).toHaveLength(QUALIFIED.length);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(QUALIFIED.length);
    const plumber = mails.find(({ text }) => text.includes('Marie Tremblay'));
    expect(plumber?.html).toContain('Marie Tremblay');
    expect(plumber?.text).toContain('my kitchen tap is leaking');
  });

  it('brings each qualified call into the CRM once, with its contact', async () => {
    const records = await platform.sandbox<CrmRecords>('/hubspot/_records');
    expect(records.contacts.map(({ properties }) => properties.email).sort()).toEqual([
      'elena.morales@example.com',
      'jose.santos@example.com',
      'luc.gagnon@example.com',
      'marie.tremblay@example.com',
    ]);
    expect(records.calls).toHaveLength(QUALIFIED.length);
  });

  it('gives the percentiles of the three clocks', async () => {
    const health = await platform.api<Record<string, { p95Ms: number; count: number }> & { calls: number }>(
      '/v1/metrics/voice-health?window=24h',
    );
    expect(health.calls).toBe(QUALIFIED.length + DISMISSED.length);
    expect(health.handshake?.count).toBe(QUALIFIED.length + DISMISSED.length);
    expect(health.handshake?.p95Ms).toBeGreaterThan(0);
    expect(health.firstByte?.count).toBeGreaterThan(QUALIFIED.length);
  });

  it('tells the tenant live what happens', () => {
    const types = new Set(live.types());
    for (const type of [
      'calls.v1.call-answered',
      'conversations.v1.utterance-transcribed',
      'leads.v1.lead-qualified',
      'calls.v1.call-ended',
    ]) {
      expect(types).toContain(type);
    }
  });

  it('keeps one trace from the webhook to the answer of the CRM, every span below its parent', async () => {
    // A span is written when it ends, after its children: the trace is whole when the last parent has arrived.
    const spans = await eventually(
      async () => {
        const found = await traceOf(platform.dataDir, detailOf('booked-plumber').id);
        expect(servicesIn(found)).toEqual([
          'lead-qualifier',
          'metrics-aggregator',
          'notifier',
          'realtime-bridge',
          'telephony-gateway',
        ]);
        const known = new Set(found.map(({ spanId }) => spanId));
        const orphans = found.filter(({ parentSpanId }) => parentSpanId && !known.has(parentSpanId));
        expect(orphans.map(({ name }) => name)).toEqual([]);
        return found;
      },
      { timeoutMs: 15_000 },
    );
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    const roots = spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(roots).toHaveLength(1);
    expect(roots[0]?.name).toContain('/twilio/voice');
  }, 20_000);

  it('gives another tenant nothing', async () => {
    const operator = readFileSync(join(platform.dataDir, 'secrets/operator-token'), 'utf8');
    const created = await fetch(`${platform.line.publicUrl}/operator/tenants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Southside Dental' }),
    });
    const { apiKey } = (await created.json()) as { apiKey: string };
    expect((await platform.api<Page<unknown>>('/v1/calls', apiKey)).items).toEqual([]);
    expect((await platform.api<Page<unknown>>('/v1/leads', apiKey)).items).toEqual([]);
    await expect(platform.api(`/v1/calls/${detailOf('booked-plumber').id}`, apiKey)).rejects.toThrow('404');
    await expect(platform.api('/v1/calls', 'tl_0000000000000000_forged')).rejects.toThrow('401');
  });
});

const servicesIn = (spans: readonly Span[]): string[] =>
  [...new Set(spans.map(({ service }) => service))].sort();
