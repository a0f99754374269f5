import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { answersIn, eventually, readWav, speechSegments } from '@tradeline/testing';
import type { NarrationLine } from '../src/caller/narration.js';
import { RelayedSandbox } from './relayed-sandbox.js';

// Whole calls at the pace of speech, all at once.
jest.setTimeout(120_000);

let relayed: RelayedSandbox;

beforeAll(async () => {
  relayed = await RelayedSandbox.start();
});
afterAll(() => relayed.stop());

/** A part of a recording. */
interface RecordedLine {
  readonly type: 'recorded';
  readonly at: number;
  readonly bytes: string;
}

describe('the scenarios, over a relay that only relays', () => {
  it.concurrent.each([
    [
      'booked-plumber',
      {
        caller_name: 'Marie Tremblay',
        callback_number: /613.*555.*0142/,
        email: 'marie.tremblay@example.com',
      },
    ],
    [
      'furnace-emergency',
      { caller_name: 'Luc Gagnon', callback_number: /819.*555.*0117/, email: 'luc.gagnon@example.com' },
    ],
    [
      'price-question',
      { caller_name: 'Elena Morales', callback_number: /613.*555.*0173/, email: 'elena.morales@example.com' },
    ],
    [
      'number-change',
      { caller_name: 'Jose Santos', callback_number: /613.*555.*0188/, email: 'jose.santos@example.com' },
    ],
  ])('%s: caller and model understand each other', async (scenario, expected) => {
    const { relay, story, lines } = await relayed.play(scenario);
    for (const [field, value] of Object.entries(expected)) {
      const captured =
        relay?.captured.get(field) ?? `${field} is not captured:\n${story}\n${relay?.errors.join('\n')}`;
      expect(captured).toEqual(typeof value === 'string' ? value : expect.stringMatching(value));
    }
    expect(lines.at(-1)).toMatchObject({ type: 'ended', status: 'completed', reason: 'twiml-ended' });
  });
});

describe('the control API', () => {
  it('lists the scenarios with what is expected of each', async () => {
    const scenarios = (await (await fetch(`${relayed.sandbox.url}/control/scenarios`)).json()) as Record<
      string,
      unknown
    >[];
    expect(scenarios).toHaveLength(10);
    expect(scenarios[0]).toEqual({
      name: 'booked-plumber',
      language: 'en-CA',
      title: expect.any(String),
      demo: true,
      expected: expect.objectContaining({ outcome: 'qualified' }),
    });
  });

  it.each([
    ['an unknown scenario', { scenario: 'nobody', to: '+16135550100' }, 404],
    ['an order without a number', { scenario: 'robocall' }, 400],
    ['an order with something unknown in it', { scenario: 'robocall', to: '+16135550100', loud: true }, 400],
  ])('refuses %s', async (_, order, status) => {
    const response = await fetch(`${relayed.sandbox.url}/control/calls`, {
      method: 'POST',
      body: JSON.stringify(order),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  it('brings a recording of the call while it runs, whole before the call is told to be over', async () => {
    const scenario = {
      title: 'Says a word',
      language: 'en-CA',
      from: '+16135550144',
      caller: [{ wait: 'assistant' }, { say: 'Hello.' }, { wait: 1_500 }, { hang_up: true }],
      expected: { outcome: 'dismissed' },
    };
    const response = await fetch(`${relayed.sandbox.url}/control/calls`, {
      method: 'POST',
      body: JSON.stringify({ scenario, to: '+16135550100', record: true }),
    });
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as NarrationLine | RecordedLine);
    expect(lines.at(-1)?.type).toBe('ended');
    let file = Buffer.alloc(0);
    for (const line of lines) {
      if (line.type !== 'recorded') continue;
      const part = Buffer.from(line.bytes, 'base64');
      file = Buffer.concat([file, Buffer.alloc(Math.max(0, line.at + part.length - file.length))]);
      part.copy(file, line.at);
    }
    const last = lines.at(-1);
    const durationMs = last?.type === 'ended' ? last.durationMs : undefined;
    const { channels, sampleRateHz } = readWav(file);
    expect(sampleRateHz).toBe(8_000);
    expect(Math.abs((channels[0]?.length ?? 0) / 8 - (durationMs ?? 0))).toBeLessThan(100);
    const [caller, assistant] = channels.map((samples) => speechSegments(samples));
    expect(caller).toHaveLength(1);
    // He speaks when the greeting is over, and hears what is said to it.
    expect(assistant?.[0]?.untilMs).toBeLessThan(caller?.[0]?.fromMs ?? 0);
    expect(answersIn(caller ?? [], assistant ?? [])).toHaveLength(1);
  });

  it('hangs up for whoever stops reading', async () => {
    const reader = new AbortController();
    const response = await fetch(`${relayed.sandbox.url}/control/calls`, {
      method: 'POST',
      body: JSON.stringify({ scenario: 'silent-caller', to: '+16135550100' }),
      signal: reader.signal,
    });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const first = await response.body?.getReader().read();
    const { callSid } = JSON.parse(
      Buffer.from(first?.value ?? [])
        .toString()
        .split('\n')[0] ?? '{}',
    ) as { callSid: string };
    reader.abort();
    await eventually(() =>
      expect(
        relayed.product.webhooksAt('/twilio/voice/status').map(({ fields }) => fields.CallSid),
      ).toContain(callSid),
    );
  });
});

describe('the origin', () => {
  it.each(['/', '/mailbox', '/mailbox/messages', '/hubspot/_records', '/control/notices'])(
    'serves %s',
    async (path) => {
      expect((await fetch(relayed.sandbox.url + path)).status).toBe(200);
    },
  );

  it('says so where nobody lives', async () => {
    expect((await fetch(`${relayed.sandbox.url}/nowhere`)).status).toBe(404);
  });
});
