import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@tradeline/testing';
import { connectOf, type GatewayUnderTest, incoming, startGateway } from './gateway-under-test.js';
import { type StubBridge, stubBridge } from './stub-bridge.js';

/** What a caller may wait for the TwiML, P95 under load. */
const MOST_P95_MS = 50;
const CALLS = 200;
const EVERY_MS = 25;

let gateway: GatewayUnderTest;
let bridge: StubBridge;

beforeAll(async () => {
  gateway = await startGateway();
  bridge = await stubBridge(gateway.nats.credentials('realtime-bridge'), 'br-1');
  bridge.tell({ capacity: 10_000 });
  await gateway.untilBridgesAre(['br-1']);
});
afterAll(async () => {
  await bridge.die();
  await gateway.stop();
});

const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(sorted.length * share) - 1] ?? 0;

describe('the answer to an incoming call', () => {
  it('is there within 50 ms at the 95th percentile, at 40 calls a second', async () => {
    const tookMs: number[] = [];
    const call = async (): Promise<void> => {
      const askedAt = performance.now();
      connectOf(await gateway.post('/twilio/voice', incoming()));
      tookMs.push(performance.now() - askedAt);
    };
    await call();
    tookMs.length = 0;
    await Promise.all(Array.from({ length: CALLS }, (_, n) => pause(n * EVERY_MS).then(call)));
    tookMs.sort((a, b) => a - b);
    expect(percentile(tookMs, 0.95)).toBeLessThan(MOST_P95_MS);
    await eventually(async () =>
      expect(await gateway.rows('SELECT count(*)::int AS n FROM calls')).toEqual([{ n: CALLS + 1 }]),
    );
  });
});
