import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { CallEndedSchema } from '@tradeline/contracts';
import { eventually } from '@tradeline/testing';
import { DEAD_AFTER_MS } from '../src/domain/bridge-fleet.js';
import { runOf } from '../src/domain/bridge-run.js';
import {
  connectOf,
  type GatewayUnderTest,
  incoming,
  parseTwiml,
  startGateway,
} from './gateway-under-test.js';
import { type StubBridge, stubBridge } from './stub-bridge.js';

/** What a caller may have to wait in silence when a bridge dies. */
const MOST_SILENCE_MS = 3_000;

let gateway: GatewayUnderTest;
let twilio: Server;
let redirects: { callSid: string; twiml: string }[] = [];
let bridges: StubBridge[] = [];

beforeAll(async () => {
  twilio = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const callSid = /Calls\/(\w+)\.json/.exec(request.url ?? '')?.[1] ?? '';
      redirects.push({ callSid, twiml: new URLSearchParams(body).get('Twiml') ?? '' });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ sid: callSid }));
    });
  });
  await new Promise<void>((listening) => twilio.listen(0, '127.0.0.1', listening));
  gateway = await startGateway(`http://127.0.0.1:${(twilio.address() as AddressInfo).port}/twilio`);
});
afterAll(async () => {
  twilio.closeAllConnections();
  twilio.close();
  await gateway.stop();
});
beforeEach(() => {
  redirects = [];
});
afterEach(async () => {
  // A bridge of one test falls silent during the next: its calls must be over by then.
  await gateway.rows('UPDATE calls SET ended_at = now() WHERE ended_at IS NULL');
  for (const bridge of bridges) bridge.tell({ draining: true });
  await Promise.all(bridges.map((bridge) => bridge.die()));
  bridges = [];
});

/** Several calls on a first bridge, then a second bridge beside it. */
const callsOn = async (first: string, second: string | undefined, count: number) => {
  const credentials = gateway.nats.credentials('realtime-bridge');
  const lost = await stubBridge(credentials, first);
  await gateway.untilBridgesAre([first]);
  const calls = [];
  for (let n = 0; n < count; n += 1) {
    const form = incoming();
    calls.push({ form, action: connectOf(await gateway.post('/twilio/voice', form))['@action'] });
  }
  await eventually(async () =>
    expect(await gateway.rows('SELECT 1 FROM calls WHERE bridge_instance = $1', first)).toHaveLength(count),
  );
  bridges = second === undefined ? [] : [await stubBridge(credentials, second)];
  await gateway.untilBridgesAre([first, ...(second === undefined ? [] : [second])]);
  return { lost, calls };
};

const urlIn = (twiml: string) => connectOf({ status: 200, type: '', body: twiml }).Stream['@url'];

describe('the calls of a bridge that is lost', () => {
  it('are redirected to another bridge when its heartbeats stop, each once', async () => {
    const { lost, calls } = await callsOn('lost-1', 'next-1', 3);
    const diedAt = performance.now();
    await lost.die();
    await eventually(() => expect(redirects).toHaveLength(3));
    expect(performance.now() - diedAt).toBeLessThan(MOST_SILENCE_MS);
    expect(redirects.map(({ callSid }) => callSid).sort()).toEqual(
      calls.map(({ form }) => form.CallSid).sort(),
    );
    for (const { twiml } of redirects) expect(urlIn(twiml)).toContain('/streams/next-1/');
    expect(bridges[0]?.asked.map(({ conversationId }) => conversationId).sort()).toEqual(
      lost.asked.map(({ conversationId }) => conversationId).sort(),
    );
    expect(await gateway.rows("SELECT handovers FROM calls WHERE bridge_instance = 'next-1'")).toEqual(
      Array(3).fill({ handovers: 1 }),
    );
  });

  it('go on by the answer to the action where the socket was closed, and are not redirected as well', async () => {
    const { lost, calls } = await callsOn('lost-2', 'next-2', 1);
    const [call] = calls;
    const diedAt = performance.now();
    await lost.die();
    const answer = await gateway.postTo(call?.action ?? '', { ...call?.form, CallStatus: 'in-progress' });
    expect(performance.now() - diedAt).toBeLessThan(MOST_SILENCE_MS);
    expect(urlIn(answer.body)).toContain('/streams/next-2/');
    expect(connectOf(answer)['@action']).toContain('bridge=next-2');
    expect(connectOf(answer)['@action']).toContain('handovers=1');
    await eventually(async () =>
      expect(await gateway.rows("SELECT 1 FROM calls WHERE bridge_instance = 'next-2'")).toHaveLength(1),
    );
    // The bridge has been found dead by then, or the action would still wait.
    expect(redirects).toEqual([]);
    expect(bridges[0]?.asked).toHaveLength(1);
  });

  it('hear that we are sorry when there is no other bridge, and end for that cause', async () => {
    const { lost, calls } = await callsOn('lost-3', undefined, 1);
    const [call] = calls;
    await lost.die();
    await eventually(() => expect(redirects).toHaveLength(1));
    expect(parseTwiml(redirects[0]?.twiml ?? '')).toMatchObject({
      Say: { '@language': 'fr-CA' },
      Hangup: '',
    });
    await gateway.post('/twilio/voice/status', { ...call?.form, CallStatus: 'completed' });
    await eventually(() =>
      expect(gateway.events(CallEndedSchema, call?.form.CallSid)).toMatchObject([
        { reason: 'stream_failed' },
      ]),
    );
  });

  it('go on with the same bridge when it is started again sooner than it is missed', async () => {
    const credentials = gateway.nats.credentials('realtime-bridge');
    const lost = await stubBridge(credentials, 'only', () => ({}), timestampFromMs(1_000));
    await gateway.untilBridgesAre([runOf('only', 1_000)]);
    const forms = [incoming(), incoming()];
    const [, asking] = await Promise.all(
      forms.map(async (form) => connectOf(await gateway.post('/twilio/voice', form))['@action']),
    );
    await eventually(async () =>
      expect(await gateway.rows("SELECT 1 FROM calls WHERE bridge_instance LIKE 'only.%'")).toHaveLength(2),
    );
    await lost.die();
    const answering = gateway.postTo(asking ?? '', { ...forms[1], CallStatus: 'in-progress' });
    bridges = [await stubBridge(credentials, 'only', () => ({}), timestampFromMs(2_000))];
    expect(urlIn((await answering).body)).toContain('/streams/only/');
    await eventually(() => expect(redirects.map(({ callSid }) => callSid)).toEqual([forms[0]?.CallSid]));
    expect(bridges[0]?.asked.map(({ handovers }) => handovers)).toEqual([1, 1]);
  });

  it('are left alone while it is the bus that is silent', async () => {
    const { lost: silent } = await callsOn('silent', undefined, 1);
    bridges = [silent];
    await gateway.nats.kill();
    const killedAt = performance.now();
    await eventually(() => expect(performance.now() - killedAt).toBeGreaterThan(2 * DEAD_AFTER_MS));
    await gateway.nats.restart();
    await eventually(async () =>
      expect(urlIn((await gateway.post('/twilio/voice', incoming())).body)).toContain('/streams/silent/'),
    );
    await eventually(async () =>
      expect(await gateway.rows("SELECT 1 FROM calls WHERE bridge_instance = 'silent'")).toHaveLength(2),
    );
    expect(redirects).toEqual([]);
  });

  it('are left alone when they had ended before', async () => {
    const { lost, calls } = await callsOn('lost-4', 'next-4', 2);
    await gateway.post('/twilio/voice/status', { ...calls[0]?.form, CallStatus: 'completed' });
    await lost.die();
    await eventually(() => expect(redirects.map(({ callSid }) => callSid)).toEqual([calls[1]?.form.CallSid]));
  });
});

describe('the calls of a bridge that has to go', () => {
  const leave = async (reply: { accepted: boolean; refusal?: string }) => {
    const { lost, calls } = await callsOn('going', undefined, 1);
    lost.tell({ draining: true });
    bridges = [lost, await stubBridge(gateway.nats.credentials('realtime-bridge'), 'staying', () => reply)];
    await gateway.untilBridgesAre(['staying']);
    const [call] = calls;
    return gateway.postTo(call?.action ?? '', { ...call?.form, CallStatus: 'in-progress' });
  };

  it('go on with another one where it has given them away', async () => {
    expect(urlIn((await leave({ accepted: true })).body)).toContain('/streams/staying/');
    expect(bridges[1]?.asked).toMatchObject([{ onlyIfReleased: true, handovers: 1 }]);
  });

  it('are over where it has ended them itself', async () => {
    const answer = await leave({ accepted: false, refusal: 'conversation_over' });
    expect(parseTwiml(answer.body)).toEqual({ Hangup: '' });
  });
});
