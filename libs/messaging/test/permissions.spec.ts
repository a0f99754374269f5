import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  catalogue,
  durableName,
  rpcSubject,
  SERVICES,
  streamOf,
  subjectOf,
  type ServiceName,
} from '@tradeline/contracts';
import { connectOnce } from '@tradeline/messaging';
import { startNats } from '@tradeline/testing';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

const QUICK = { timeout: 500 };

let nats: Awaited<ReturnType<typeof startNats>>;
const open: NatsConnection[] = [];

beforeAll(async () => {
  nats = await startNats();
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await nats.stop();
});

const signIn = async (
  service: ServiceName,
): Promise<{ connection: NatsConnection; manager: JetStreamManager }> => {
  const connection = await connectOnce(nats.credentials(service), 'permissions test');
  open.push(connection);
  return { connection, manager: await jetstreamManager(connection, { checkAPI: false, ...QUICK }) };
};

const others = (service: ServiceName): ServiceName[] => SERVICES.filter((other) => other !== service);

describe.each(SERVICES)('the user %s', (service) => {
  it('publishes its own events', async () => {
    const { connection } = await signIn(service);
    for (const event of catalogue[service].says) {
      const ack = await jetstream(connection).publish(subjectOf(event, 'tn_permissions'), new Uint8Array());
      expect(ack.stream).toBe(streamOf(event).name);
    }
  });

  it("publishes no other service's event", async () => {
    const { connection } = await signIn(service);
    const said = new Set(catalogue[service].says.map((event) => event.typeName));
    const foreign = others(service).flatMap((other) =>
      catalogue[other].says.filter((event) => !said.has(event.typeName)),
    );
    for (const event of foreign) {
      const publishing = jetstream(connection, QUICK).publish(
        subjectOf(event, 'tn_permissions'),
        new Uint8Array(),
      );
      await expect(publishing).rejects.toThrow(/permissions violation/i);
    }
  });

  it('creates and reads its own durables', async () => {
    const { manager } = await signIn(service);
    for (const { event, reaction } of catalogue[service].hears) {
      const durable = durableName(service, reaction);
      await manager.consumers.add(streamOf(event).name, {
        name: durable,
        durable_name: durable,
        filter_subject: `${subjectOf(event, 'x').slice(0, -1)}*`,
        ack_policy: AckPolicy.Explicit,
      });
      expect((await manager.consumers.info(streamOf(event).name, durable)).name).toBe(durable);
    }
  });

  it("reads, creates and deletes no other service's durable, and no durable of its own on foreign events", async () => {
    const { connection, manager } = await signIn(service);
    for (const other of others(service)) {
      for (const { event, reaction } of catalogue[other].hears) {
        const stream = streamOf(event).name;
        const durable = durableName(other, reaction);
        await expect(manager.consumers.info(stream, durable)).rejects.toThrow(/permissions violation/i);
        await expect(manager.consumers.delete(stream, durable)).rejects.toThrow(/permissions violation/i);
        const next = connection.request(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, '1', QUICK);
        await expect(next).rejects.toThrow(/permissions violation/i);
        const spying = manager.consumers.add(stream, {
          name: 'spy',
          filter_subject: `${stream.toLowerCase()}.>`,
        });
        await expect(spying).rejects.toThrow(/permissions violation/i);
      }
    }
  });

  it('changes no stream', async () => {
    const { manager } = await signIn(service);
    await expect(manager.streams.purge('CALLS')).rejects.toThrow(/permissions violation/i);
    await expect(manager.streams.delete('TENANT_STATE')).rejects.toThrow(/permissions violation/i);
  });

  it("hears nobody's replies and nobody's questions but its own", async () => {
    const { connection } = await signIn(service);
    const answered = new Set(catalogue[service].answers.map((request) => request.typeName));
    const forbidden = [
      '_INBOX.>',
      '>',
      ...others(service).map((other) => `_INBOX_${other}.>`),
      ...others(service).flatMap((other) =>
        catalogue[other].answers.filter((request) => !answered.has(request.typeName)).map(rpcSubject),
      ),
    ];
    for (const subject of forbidden) {
      const refused = new Promise<Error>((resolve) => {
        connection.subscribe(subject, {
          callback: (error) => {
            if (error) resolve(error);
          },
        });
      });
      expect((await refused).message).toMatch(/permissions violation/i);
    }
  });
});
