import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { CallEndedSchema, type CallEnded } from '@tradeline/contracts';
import { EventPublisher, OnEvent, RetryLater, type Delivery } from '@tradeline/messaging';
import { inSpan } from '@tradeline/service-runtime';
import { eventually, startNats } from '@tradeline/testing';
import { startService, type ServiceOnTheBus } from './service-on-the-bus.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

interface SpanLine {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

let directory: string;
let nats: Awaited<ReturnType<typeof startNats>>;
const running: ServiceOnTheBus[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tradeline-spans-'));
  Object.assign(process.env, { TRACES_DIR: directory, SERVICE_NAME: 'tracing-test' });
  // Loaded here, since it reads the environment when it is loaded.
  await import('@tradeline/service-runtime/telemetry');
  nats = await startNats();
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await nats.stop();
  await rm(directory, { recursive: true, force: true });
});

const spans = async (): Promise<SpanLine[]> => {
  const files = await readdir(directory);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return texts
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SpanLine);
};

it('a reaction belongs to the trace of what caused its event', async () => {
  @Controller()
  class CountCalls {
    @OnEvent(CallEndedSchema, 'record-call-when-call-ended')
    async count(_event: CallEnded): Promise<void> {
      await inSpan('count', {}, () => undefined);
    }
  }
  const gateway = await startService({
    service: 'telephony-gateway',
    env: nats.credentials('telephony-gateway'),
  });
  const metrics = await startService(
    { service: 'metrics-aggregator', env: nats.credentials('metrics-aggregator') },
    [CountCalls],
  );
  running.push(gateway, metrics);
  await inSpan('webhook', {}, () =>
    gateway.get(EventPublisher).publish(CallEndedSchema, { callId: 'ca_1' }, { tenantId: 'tn_a' }),
  );
  await eventually(
    async () => {
      const written = await spans();
      const named = (name: string) => written.find((span) => span.name === name);
      const chain = [
        'webhook',
        'publish calls.v1.CallEnded',
        'metrics-aggregator record-call-when-call-ended',
        'count',
      ].map(named);
      expect(chain).not.toContain(undefined);
      for (const [index, span] of chain.entries()) {
        expect(span?.traceId).toBe(chain[0]?.traceId);
        if (index > 0) expect(span?.parentSpanId).toBe(chain[index - 1]?.spanId);
      }
    },
    { timeoutMs: 10_000 },
  );
}, 20_000);

it('a reaction that puts its event off has not failed', async () => {
  @Controller()
  class WaitOnce {
    @OnEvent(CallEndedSchema, 'qualify-lead-when-call-ended')
    async wait(_event: CallEnded, { deliveryCount }: Delivery): Promise<void> {
      if (deliveryCount === 1) throw new RetryLater(50, 'its conversation may still end');
    }
  }
  const gateway = await startService({
    service: 'telephony-gateway',
    env: nats.credentials('telephony-gateway'),
  });
  const qualifier = await startService(
    { service: 'lead-qualifier', env: nats.credentials('lead-qualifier') },
    [WaitOnce],
  );
  running.push(gateway, qualifier);
  await gateway.get(EventPublisher).publish(CallEndedSchema, { callId: 'ca_2' }, { tenantId: 'tn_a' });
  await eventually(
    async () => {
      const deliveries = (await spans()).filter(
        ({ name, attributes }) =>
          name.endsWith('qualify-lead-when-call-ended') && attributes['call.id'] === 'ca_2',
      );
      expect(deliveries.map(({ status }) => status)).toEqual(['unset', 'unset']);
    },
    { timeoutMs: 10_000 },
  );
}, 20_000);
