import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller } from '@nestjs/common';
import {
  GetCallRequestSchema,
  GetCallResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  ListCallsRequestSchema,
  ListCallsResponseSchema,
  ReserveRequestSchema,
  ReserveResponseSchema,
  type GetCallRequest,
  type ListCallsRequest,
  type ReserveRequest,
} from '@tradeline/contracts';
import { NotFound, OnRequest, RpcClient, RpcRefused, RpcUnavailable } from '@tradeline/messaging';
import { startNats } from '@tradeline/testing';
import { startService, type ServiceOnTheBus } from './service-on-the-bus.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

@Controller()
class Calls {
  @OnRequest(GetCallRequestSchema, GetCallResponseSchema)
  async get({ tenantId, callId }: GetCallRequest) {
    if (callId === 'ca_broken') throw new Error('password=hunter2');
    if (tenantId !== 'tn_a') throw new NotFound(`no call ${callId}`);
    return { call: { callId, durationMs: 61_000n } };
  }

  @OnRequest(ListCallsRequestSchema, ListCallsResponseSchema)
  async list(_request: ListCallsRequest) {
    return {};
  }
}

const bridge = (instance: string) => {
  @Controller()
  class Reservations {
    @OnRequest(ReserveRequestSchema, ReserveResponseSchema)
    async reserve({ callId }: ReserveRequest) {
      return { accepted: true, reservationId: `${instance} ${callId}` };
    }
  }
  return Reservations;
};

let nats: Awaited<ReturnType<typeof startNats>>;
const running: ServiceOnTheBus[] = [];
let gateway: ServiceOnTheBus;
let tenants: ServiceOnTheBus;

beforeAll(async () => {
  nats = await startNats();
  gateway = await startService(
    { service: 'telephony-gateway', env: { ...nats.credentials('telephony-gateway'), INSTANCE_ID: 'one' } },
    [Calls],
  );
  tenants = await startService({ service: 'tenant-gateway', env: nats.credentials('tenant-gateway') });
  running.push(gateway, tenants);
  for (const instance of ['b1', 'b2']) {
    const env = { ...nats.credentials('realtime-bridge'), INSTANCE_ID: instance };
    running.push(await startService({ service: 'realtime-bridge', env }, [bridge(instance)]));
  }
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await nats.stop();
});

describe('a question', () => {
  it('is answered in protobuf', async () => {
    const { call } = await tenants
      .get(RpcClient)
      .ask(GetCallRequestSchema, GetCallResponseSchema, { tenantId: 'tn_a', callId: 'ca_1' });
    expect(call).toMatchObject({ callId: 'ca_1', durationMs: 61_000n });
  });

  it('may have an answer without content, which is no error', async () => {
    const { calls } = await tenants
      .get(RpcClient)
      .ask(ListCallsRequestSchema, ListCallsResponseSchema, { tenantId: 'tn_a', limit: 10 });
    expect(calls).toEqual([]);
  });

  it('is refused in the words of the answerer', async () => {
    const asking = tenants
      .get(RpcClient)
      .ask(GetCallRequestSchema, GetCallResponseSchema, { tenantId: 'tn_b', callId: 'ca_1' });
    await expect(asking).rejects.toMatchObject({ code: 'not_found', message: 'no call ca_1' });
    await expect(asking).rejects.toBeInstanceOf(RpcRefused);
  });

  it('does not show what broke inside the answerer', async () => {
    const asking = tenants
      .get(RpcClient)
      .ask(GetCallRequestSchema, GetCallResponseSchema, { tenantId: 'tn_a', callId: 'ca_broken' });
    await expect(asking).rejects.toMatchObject({ code: 'internal', message: 'internal error' });
  });

  it('to a service that is not there fails at once', async () => {
    const startedAt = Date.now();
    const asking = tenants
      .get(RpcClient)
      .ask(GetTranscriptRequestSchema, GetTranscriptResponseSchema, { tenantId: 'tn_a', callId: 'ca_1' });
    await expect(asking).rejects.toBeInstanceOf(RpcUnavailable);
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });

  it('to one instance reaches that instance', async () => {
    const rpc = gateway.get(RpcClient);
    for (const instance of ['b1', 'b2', 'b1']) {
      const { reservationId } = await rpc.ask(
        ReserveRequestSchema,
        ReserveResponseSchema,
        { callId: 'ca_1' },
        { subjectSuffix: instance },
      );
      expect(reservationId).toBe(`${instance} ca_1`);
    }
  });

  it('that the catalogue does not give to the asker is not asked', async () => {
    const asking = gateway.get(RpcClient).ask(GetCallRequestSchema, GetCallResponseSchema, {});
    await expect(asking).rejects.toThrow('telephony-gateway does not ask telephony.v1.GetCallRequest');
  });
});
