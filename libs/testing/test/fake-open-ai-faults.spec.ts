import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createSpeech,
  FakeClock,
  startFakeOpenAi,
  type FakeOpenAiOptions,
  type RunningFakeOpenAi,
} from '../src/index.js';
import { WebSocket } from 'ws';
import { RealtimeClient } from './realtime-client.js';

const INSTANT = { connectMs: 0, firstAudioMs: 0, transcriptionMs: 0, responsesMs: 0 };
const GREET = {
  type: 'response.create',
  response: { instructions: 'Say: "Good morning, how can I help you?"' },
} as const;

describe('faults of the fake model', () => {
  const speech = createSpeech();
  let fake: RunningFakeOpenAi;

  const start = async (options: FakeOpenAiOptions = {}): Promise<void> => {
    fake = await startFakeOpenAi({ speech, delays: INSTANT, audioSpeed: 500, ...options });
  };

  afterEach(() => fake.close());

  const knock = (): WebSocket => {
    const socket = new WebSocket(`${fake.realtimeUrl}?model=gpt-realtime-2.1`, {
      headers: { authorization: 'Bearer sk-test' },
    });
    socket.on('error', () => undefined);
    return socket;
  };

  it('turns connections away as often as it was told, then lets them in', async () => {
    await start({
      faults: [
        { name: 'connect-rate-limited', times: 1 },
        { name: 'connect-refused', times: 1 },
      ],
    });
    const refused = knock();
    await new Promise((resolve) => refused.on('error', resolve));
    const limited = knock();
    const status = await new Promise((resolve) =>
      limited.on('unexpected-response', (_, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(429);
    (await RealtimeClient.connect(fake)).close();
  });

  it('never answers a connection that hangs, and lets go of it at the end', async () => {
    await start({ faults: [{ name: 'connect-hangs' }] });
    const hanging = knock();
    const over = new Promise((resolve) => hanging.on('close', resolve));
    const other = new Promise((resolve) => setImmediate(resolve));
    await other;
    expect(hanging.readyState).toBe(WebSocket.CONNECTING);
    await fake.close();
    await over;
    await start();
  });

  it('fails a response at its start, and the next one works', async () => {
    await start({ faults: [{ name: 'response-rate-limited', times: 1 }] });
    const client = await RealtimeClient.connect(fake);
    client.send(GREET);
    const failed = await client.first('response.done');
    expect(failed.response).toMatchObject({
      status: 'failed',
      status_details: { type: 'failed', error: { code: 'rate_limit_exceeded' } },
    });
    client.send(GREET);
    expect((await client.nth('response.done', 2)).response.status).toBe('completed');
    client.close();
  });

  it('cuts the socket in the middle of an answer', async () => {
    await start({ faults: [{ name: 'response-closes' }], audioSpeed: 1 });
    const client = await RealtimeClient.connect(fake);
    client.send(GREET);
    await client.until(() => client.closed, 'the end');
    expect(client.closed?.code).toBe(1_006);
    expect(client.of('response.output_audio.delta').length).toBeGreaterThan(0);
    expect(client.of('response.done')).toEqual([]);
  });

  it('ends a session at its time limit as the hosted API does', async () => {
    const clock = new FakeClock();
    await start();
    await fake.close();
    fake = await startFakeOpenAi({ speech, delays: INSTANT, sessionLimitMs: 60 * 60_000, clock });
    const connecting = RealtimeClient.connect(fake);
    const client = await withClock(clock, connecting);
    clock.advance(60 * 60_000);
    await client.until(() => client.closed, 'the end');
    expect(client.of('error')[0]?.error).toMatchObject({ code: 'session_expired' });
    expect(client.closed).toEqual({ code: 1_001, reason: 'session_expired' });
  });

  it('waits with the first audio as long as it was told, and ten times that when slow', async () => {
    const clock = new FakeClock();
    await start();
    await fake.close();
    fake = await startFakeOpenAi({
      speech,
      delays: { ...INSTANT, firstAudioMs: 300 },
      clock,
      faults: [{ name: 'response-slow' }],
    });
    const client = await withClock(clock, RealtimeClient.connect(fake));
    client.send(GREET);
    await client.first('response.created');
    clock.advance(2_999);
    client.send({ type: 'input_audio_buffer.clear' });
    await client.first('input_audio_buffer.cleared');
    expect(client.of('response.output_audio.delta')).toEqual([]);
    clock.advance(1);
    await client.first('response.output_audio.delta');
    client.close();
  });

  it('is steered over HTTP, and tells what its sessions were', async () => {
    await start();
    const url = fake.baseUrl.replace('/v1', '/_control');
    const changed = await fetch(url, {
      method: 'PUT',
      body: JSON.stringify({
        delays: { firstAudioMs: 5 },
        faults: [{ name: 'response-failed', times: 1 }],
        toolStyle: 'calls-only',
      }),
    });
    expect(await changed.json()).toMatchObject({
      delays: { firstAudioMs: 5, connectMs: 0 },
      faults: [{ name: 'response-failed', times: 1 }],
      toolStyle: 'calls-only',
    });
    expect((await fetch(url, { method: 'PUT', body: '{"faults":[{"name":"boredom"}]}' })).status).toBe(400);
    const client = await RealtimeClient.connect(fake, {
      instructions: 'You are the receptionist of Nordic Plumbing.',
    });
    client.send(GREET);
    await client.first('response.done');
    client.send({ type: 'nonsense' });
    await client.first('error');
    const { sessions } = (await (await fetch(url)).json()) as { sessions: unknown[] };
    expect(sessions).toEqual([
      expect.objectContaining({
        model: 'gpt-realtime-2.1',
        instructions: 'You are the receptionist of Nordic Plumbing.',
        refused: ['invalid_value'],
      }),
    ]);
    client.close();
  });
});

/** Lets a session open whose clock only moves by hand: its delays are zero, but they are delays. */
async function withClock(clock: FakeClock, connecting: Promise<RealtimeClient>): Promise<RealtimeClient> {
  let opened = false;
  const done = connecting.finally(() => {
    opened = true;
  });
  while (!opened) {
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done;
}
