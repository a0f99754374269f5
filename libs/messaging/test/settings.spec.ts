import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  AssistantProfileChangedSchema,
  BridgeHeartbeatSchema,
  CallAnsweredSchema,
  PhoneNumbersChangedSchema,
  type PhoneNumbersChanged,
  type BridgeHeartbeat,
  type ServiceName,
  SNAPSHOT_BUCKET,
} from '@tradeline/contracts';
import {
  connectOnce,
  EventPublisher,
  LiveEvents,
  Presence,
  PhraseStore,
  SettingsStream,
  SnapshotOvertaken,
  SnapshotStore,
  type LiveEvent,
} from '@tradeline/messaging';
import { create } from '@bufbuild/protobuf';
import { Kvm } from '@nats-io/kv';
import { eventually, startNats } from '@tradeline/testing';
import { startService, type ServiceOnTheBus } from './service-on-the-bus.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

let nats: Awaited<ReturnType<typeof startNats>>;
let running: ServiceOnTheBus[] = [];

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
afterEach(async () => {
  await Promise.all(running.map((service) => service.stop()));
  running = [];
});

const start = async (service: ServiceName, instance = 'one'): Promise<ServiceOnTheBus> => {
  const started = await startService({
    service,
    env: { ...nats.credentials(service), INSTANCE_ID: instance },
  });
  running.push(started);
  return started;
};

const sayNumbers = (tenants: ServiceOnTheBus, tenantId: string, ...numbers: string[]): Promise<void> =>
  tenants
    .get(EventPublisher)
    .publish(
      PhoneNumbersChangedSchema,
      { numbers: numbers.map((number) => ({ number, active: true })) },
      { tenantId },
    );

const knownNumbers = () => {
  const known = new Map<string, string[]>();
  const hear = (event: PhoneNumbersChanged): void => {
    known.set(
      event.meta?.tenantId ?? '',
      event.numbers.map(({ number }) => number),
    );
  };
  return { known, hear };
};

describe('settings', () => {
  it('are caught up at once when nothing was ever said', async () => {
    const gateway = await start('telephony-gateway');
    await gateway.get(SettingsStream).follow(AssistantProfileChangedSchema, () => undefined);
    expect(await gateway.runtime.reasonsNotReady()).toEqual({});
  });

  it('are known, the last of each tenant, when the process is ready; later ones follow', async () => {
    const tenants = await start('tenant-gateway');
    await sayNumbers(tenants, 'tn_a', '+16135550100');
    await sayNumbers(tenants, 'tn_a', '+16135550100', '+16135550101');
    await sayNumbers(tenants, 'tn_b', '+16135550200');
    const gateway = await start('telephony-gateway');
    const { known, hear } = knownNumbers();
    const following = gateway.get(SettingsStream).follow(PhoneNumbersChangedSchema, hear);
    expect(await gateway.runtime.reasonsNotReady()).toEqual({
      'settings:PhoneNumbersChanged': 'not caught up',
    });
    await following;
    expect(known.get('tn_a')).toEqual(['+16135550100', '+16135550101']);
    expect(known.get('tn_b')).toEqual(['+16135550200']);
    expect(await gateway.runtime.reasonsNotReady()).toEqual({});
    await sayNumbers(tenants, 'tn_b');
    await eventually(() => expect(known.get('tn_b')).toEqual([]));
  });

  it('are followed on after the server died', async () => {
    const tenants = await start('tenant-gateway');
    const gateway = await start('telephony-gateway');
    const { known, hear } = knownNumbers();
    await gateway.get(SettingsStream).follow(PhoneNumbersChangedSchema, hear);
    await nats.kill();
    const saying = sayNumbers(tenants, 'tn_c', '+16135550300');
    await nats.restart();
    await saying;
    await eventually(() => expect(known.get('tn_c')).toEqual(['+16135550300']), { timeoutMs: 20_000 });
  }, 40_000);
});

describe('live events', () => {
  it("show a tenant its own events and nobody else's", async () => {
    const [gateway, tenants] = [await start('telephony-gateway'), await start('tenant-gateway')];
    const seen: LiveEvent[] = [];
    const stop = tenants.get(LiveEvents).watch('tn_a', (event) => seen.push(event));
    await tenants.app.get(LiveEvents).ready();
    const publisher = gateway.get(EventPublisher);
    await publisher.publish(CallAnsweredSchema, { callId: 'ca_b' }, { tenantId: 'tn_b' });
    await publisher.publish(CallAnsweredSchema, { callId: 'ca_a' }, { tenantId: 'tn_a', eventId: 'ev_live' });
    await eventually(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toMatchObject({
      type: 'calls.v1.CallAnswered',
      id: 'ev_live',
      message: { callId: 'ca_a' },
    });
    stop();
  });
});

describe('presence', () => {
  it('tells who is there, again and again, until it is stopped', async () => {
    const [bridge, gateway] = [await start('realtime-bridge', 'b1'), await start('telephony-gateway')];
    const heard: BridgeHeartbeat[] = [];
    gateway.get(Presence).hear((heartbeat) => heard.push(heartbeat));
    const stop = bridge
      .get(Presence)
      .tell(() => create(BridgeHeartbeatSchema, { activeCalls: 3, capacity: 50 }));
    await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(2));
    stop();
    expect(heard[0]).toMatchObject({ instance: 'b1', activeCalls: 3, capacity: 50, draining: false });
  });
});

describe('snapshots', () => {
  it('are there for another instance until they are deleted', async () => {
    const [first, second] = [await start('realtime-bridge', 'b1'), await start('realtime-bridge', 'b2')];
    await first.get(SnapshotStore).put('cv_1', new Uint8Array([1, 2]));
    const revision = await first.get(SnapshotStore).put('cv_1', new Uint8Array([3]));
    expect(await second.get(SnapshotStore).get('cv_1')).toMatchObject({ revision });
    expect([...((await second.get(SnapshotStore).get('cv_1'))?.bytes ?? [])]).toEqual([3]);
    expect(await second.get(SnapshotStore).get('cv_2')).toBeUndefined();
    await first.get(SnapshotStore).delete('cv_1');
    expect(await second.get(SnapshotStore).get('cv_1')).toMatchObject({ bytes: undefined });
  });

  it('are forgotten a quarter of an hour after the last write, when no end deletes them', async () => {
    const connection = await connectOnce(nats.admin, 'witness');
    const bucket = await new Kvm(connection).open(SNAPSHOT_BUCKET.name);
    expect(await bucket.status()).toMatchObject({ ttl: 15 * 60_000, history: 1 });
    await connection.close();
  });

  it('are not written over by an instance that has missed a write', async () => {
    const [first, second] = [
      (await start('realtime-bridge', 'b1')).get(SnapshotStore),
      (await start('realtime-bridge', 'b2')).get(SnapshotStore),
    ];
    const begun = await first.put('cv_3', new Uint8Array([1]), 0);
    await expect(second.put('cv_3', new Uint8Array([9]), 0)).rejects.toThrow(SnapshotOvertaken);
    const takenOver = await second.put('cv_3', new Uint8Array([2]), begun);
    await expect(first.put('cv_3', new Uint8Array([3]), begun)).rejects.toThrow(SnapshotOvertaken);
    await expect(first.delete('cv_3', begun)).rejects.toThrow(SnapshotOvertaken);
    expect([...((await first.get('cv_3'))?.bytes ?? [])]).toEqual([2]);
    await second.delete('cv_3', takenOver);
  });
});

describe('spoken phrases', () => {
  const SOUND = new Uint8Array(60_000).fill(0x7f);

  it('made by one instance are there for all, and for whoever may only read them', async () => {
    const [first, second] = [await start('realtime-bridge', 'b1'), await start('realtime-bridge', 'b2')];
    const gateway = await start('telephony-gateway');
    const beforeMs = Date.now();
    await first.get(PhraseStore).put('greeting_1', SOUND);
    const found = await second.get(PhraseStore).get('greeting_1');
    expect(found && Buffer.from(found.bytes).equals(SOUND)).toBe(true);
    expect(found?.storedAt.getTime()).toBeGreaterThanOrEqual(beforeMs - 1_000);
    expect((await gateway.get(PhraseStore).get('greeting_1'))?.bytes).toHaveLength(60_000);
    expect(await second.get(PhraseStore).get('greeting_2')).toBeUndefined();
    await expect(gateway.get(PhraseStore).put('greeting_1', new Uint8Array([1]))).rejects.toThrow();
  });

  it('say to a tenant’s callers that all lines are busy, by a name that the door of the phone network knows', async () => {
    const bridge = (await start('realtime-bridge', 'b1')).get(PhraseStore);
    const gateway = (await start('telephony-gateway')).get(PhraseStore);
    expect(await gateway.busy('tn_a', 'fr-CA')).toBeUndefined();
    await bridge.announceBusy('tn_a', 'fr-CA', 'key_1');
    await bridge.announceBusy('tn_a', 'fr-CA', 'key_2');
    expect(await gateway.busy('tn_a', 'fr-CA')).toBe('key_2');
  });

  it('are made by one instance at a time', async () => {
    const [first, second] = [await start('realtime-bridge', 'b1'), await start('realtime-bridge', 'b2')];
    expect(await first.get(PhraseStore).claim('greeting_3')).toBe(true);
    expect(await second.get(PhraseStore).claim('greeting_3')).toBe(false);
    expect(await first.get(PhraseStore).claim('greeting_3')).toBe(true);
  });
});
