import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Controller, type Type } from '@nestjs/common';
import {
  CallEndedSchema,
  ConversationEndedSchema,
  CallAnsweredSchema,
  type CallEnded,
  type ServiceName,
} from '@tradeline/contracts';
import {
  connectOnce,
  DeadLetters,
  EventPublisher,
  OnEvent,
  RetryLater,
  type Delivery,
  type MessagingOptions,
} from '@tradeline/messaging';
import { PermanentFailure } from '@tradeline/service-runtime';
import { eventually, startNats } from '@tradeline/testing';
import { startService, type ServiceOnTheBus } from './service-on-the-bus.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

const REACTION = 'record-call-when-call-ended';
const tenantId = 'tn_a';

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

const start = async (service: ServiceName, controllers: Type<unknown>[] = []): Promise<ServiceOnTheBus> => {
  const options: MessagingOptions = { service, env: { ...nats.credentials(service), INSTANCE_ID: 'one' } };
  const started = await startService(options, controllers);
  running.push(started);
  return started;
};

/** metrics-aggregator, doing with each ended call whatever the test says. */
const counting = (
  handle: (event: CallEnded, delivery: Delivery) => Promise<void>,
  maxDeliveries = 6,
): Type<unknown> => {
  @Controller()
  class CountCalls {
    @OnEvent(CallEndedSchema, REACTION, { maxDeliveries })
    count(event: CallEnded, delivery: Delivery): Promise<void> {
      return handle(event, delivery);
    }
  }
  return CountCalls;
};

const sayCallEnded = async (callId: string, eventId?: string): Promise<void> => {
  const gateway =
    running.find((service) => service.get(EventPublisher)) ?? (await start('telephony-gateway'));
  await gateway
    .get(EventPublisher)
    .publish(CallEndedSchema, { callId }, { tenantId, ...(eventId ? { eventId } : {}) });
};

const deadLettersOf = async (eventId: string) => {
  const letters = await DeadLetters.open(nats.admin);
  const found = (await letters.list()).filter((letter) => letter.eventId === eventId);
  await letters.close();
  return found;
};

/** What a process does that is killed while it handles: takes the delivery and never answers. */
const deliverWithoutAnswer = async (times: number): Promise<void> => {
  const connection = await connectOnce(nats.admin, 'killed process');
  const consumer = await jetstream(connection).consumers.get('CALLS', `metrics-aggregator_${REACTION}`);
  for (let delivery = 1; delivery <= times; delivery++) {
    const message = await consumer.next({ expires: 2_000 });
    expect(message?.info.deliveryCount).toBe(delivery);
    // The server's own time-out would do the same, after the consumer's ack wait.
    message?.nak();
  }
  await connection.drain();
};

describe('an event', () => {
  it('reaches its reaction with its content, its tenant and its delivery', async () => {
    const gateway = await start('telephony-gateway');
    const heard: { event: CallEnded; delivery: Delivery }[] = [];
    await start('metrics-aggregator', [
      counting(async (event, delivery) => void heard.push({ event, delivery })),
    ]);
    await gateway
      .get(EventPublisher)
      .publish(CallEndedSchema, { callId: 'ca_1' }, { tenantId, eventId: 'ev_1' });
    await eventually(() => expect(heard).toHaveLength(1));
    expect(heard[0]?.event.callId).toBe('ca_1');
    expect(heard[0]?.delivery).toMatchObject({
      eventId: 'ev_1',
      tenantId,
      reaction: REACTION,
      deliveryCount: 1,
    });
  });

  it('is stored once when it is published twice', async () => {
    await start('telephony-gateway');
    await sayCallEnded('ca_2', 'ev_2');
    await sayCallEnded('ca_2', 'ev_2');
    await sayCallEnded('ca_2b', 'ev_2b');
    const heard: string[] = [];
    await start('metrics-aggregator', [counting(async (_event, { eventId }) => void heard.push(eventId))]);
    await eventually(() => expect(heard).toContain('ev_2b'));
    expect(heard.filter((id) => id === 'ev_2')).toHaveLength(1);
  });

  it('comes again after a failure, and after the delay that RetryLater asks for', async () => {
    await start('telephony-gateway');
    const counts: number[] = [];
    const handle = async (_event: CallEnded, { eventId, deliveryCount }: Delivery): Promise<void> => {
      if (eventId !== 'ev_3') return;
      counts.push(deliveryCount);
      if (deliveryCount === 1) throw new RetryLater(50, 'too early');
      if (deliveryCount === 2) throw new Error('the database blinked');
    };
    await start('metrics-aggregator', [counting(handle)]);
    await sayCallEnded('ca_3', 'ev_3');
    await eventually(() => expect(counts).toEqual([1, 2, 3]));
  });

  it('becomes a dead letter at once when no retry can cure it, and can be replayed', async () => {
    await start('telephony-gateway');
    const taken: number[] = [];
    let cured = false;
    const handle = async (_event: CallEnded, { eventId, deliveryCount }: Delivery): Promise<void> => {
      if (eventId !== 'ev_4') return;
      if (!cured) throw new PermanentFailure('a bug');
      taken.push(deliveryCount);
    };
    await start('metrics-aggregator', [counting(handle)]);
    await sayCallEnded('ca_4', 'ev_4');
    await eventually(async () => expect(await deadLettersOf('ev_4')).toHaveLength(1));
    const [letter] = await deadLettersOf('ev_4');
    expect(letter).toMatchObject({
      subject: 'calls.v1.call-ended.tn_a',
      type: 'calls.v1.CallEnded',
      consumer: `metrics-aggregator_${REACTION}`,
      reason: 'PermanentFailure: a bug',
      deliveries: 1,
    });
    cured = true;
    const letters = await DeadLetters.open(nats.admin);
    await letters.replay(letter?.seq ?? 0);
    await letters.close();
    await eventually(() => expect(taken).toEqual([1]));
  });

  it('becomes a dead letter after its last delivery', async () => {
    await start('telephony-gateway');
    let tries = 0;
    const handle = async (_event: CallEnded, { eventId }: Delivery): Promise<void> => {
      if (eventId !== 'ev_5') return;
      tries++;
      throw new Error('never works');
    };
    await start('metrics-aggregator', [counting(handle, 2)]);
    await sayCallEnded('ca_5', 'ev_5');
    await eventually(async () => expect(await deadLettersOf('ev_5')).toHaveLength(1));
    expect(tries).toBe(2);
  });

  it('that kills the process of its handler ends as a dead letter, without the handler being asked again', async () => {
    await start('telephony-gateway');
    let asked = 0;
    const handle = async (_event: CallEnded, { eventId }: Delivery): Promise<void> => {
      if (eventId === 'ev_killer') asked++;
    };
    const service = await start('metrics-aggregator', [counting(handle, 2)]);
    await service.stop();
    running = running.filter((other) => other !== service);
    await sayCallEnded('ca_killer', 'ev_killer');
    await deliverWithoutAnswer(2);
    await start('metrics-aggregator', [counting(handle, 2)]);
    await eventually(async () => expect(await deadLettersOf('ev_killer')).toHaveLength(1));
    expect((await deadLettersOf('ev_killer'))[0]?.reason).toBe('delivered 2 times without an answer');
    expect(asked).toBe(0);
  });

  it('is replayed to the reaction that failed and to no other', async () => {
    await start('telephony-gateway');
    const qualified: string[] = [];
    let failing = true;
    @Controller()
    class QualifyLeads {
      @OnEvent(CallEndedSchema, 'qualify-lead-when-call-ended')
      async qualify(_event: CallEnded, { eventId }: Delivery): Promise<void> {
        qualified.push(eventId);
      }
    }
    const counted: string[] = [];
    const handle = async (_event: CallEnded, { eventId }: Delivery): Promise<void> => {
      if (eventId === 'ev_6' && failing) throw new PermanentFailure('a bug');
      counted.push(eventId);
    };
    await start('lead-qualifier', [QualifyLeads]);
    await start('metrics-aggregator', [counting(handle)]);
    await sayCallEnded('ca_6', 'ev_6');
    await eventually(async () => expect(await deadLettersOf('ev_6')).toHaveLength(1));
    await eventually(() => expect(qualified).toContain('ev_6'));
    failing = false;
    const letters = await DeadLetters.open(nats.admin);
    await letters.replay((await deadLettersOf('ev_6'))[0]?.seq ?? 0);
    await letters.close();
    await eventually(() => expect(counted).toContain('ev_6'));
    await sayCallEnded('ca_6b', 'ev_6b');
    await eventually(() => expect(qualified).toContain('ev_6b'));
    expect(qualified.filter((id) => id === 'ev_6')).toHaveLength(1);
  });

  it('survives the end of the server: what was published before is heard after', async () => {
    await start('telephony-gateway');
    const heard: string[] = [];
    await start('metrics-aggregator', [counting(async (_event, { eventId }) => void heard.push(eventId))]);
    await sayCallEnded('ca_7', 'ev_7');
    await eventually(() => expect(heard).toContain('ev_7'));
    await nats.kill();
    const saying = sayCallEnded('ca_8', 'ev_8');
    await nats.restart();
    await saying;
    await eventually(() => expect(heard).toContain('ev_8'), { timeoutMs: 15_000 });
  }, 30_000);

  it('in hand is finished before the service stops', async () => {
    await start('telephony-gateway');
    let begun = false;
    let finish: () => void = () => undefined;
    let finished = false;
    const handle = async (_event: CallEnded, { eventId }: Delivery): Promise<void> => {
      if (eventId !== 'ev_9') return;
      begun = true;
      await new Promise<void>((resolve) => (finish = resolve));
      finished = true;
    };
    const service = await start('metrics-aggregator', [counting(handle)]);
    await sayCallEnded('ca_9', 'ev_9');
    await eventually(() => expect(begun).toBe(true));
    const stopping = service.stop().then(() => finished);
    finish();
    expect(await stopping).toBe(true);
    running = running.filter((other) => other !== service);
  });
});

describe('a service', () => {
  it('does not start with a reaction that the catalogue does not give it', async () => {
    @Controller()
    class Curious {
      @OnEvent(ConversationEndedSchema, 'listen-when-conversation-ended')
      listen(): Promise<void> {
        return Promise.resolve();
      }
    }
    await expect(
      startService({ service: 'metrics-aggregator', env: nats.credentials('metrics-aggregator') }, [Curious]),
    ).rejects.toThrow('does not hear conversations.v1.ConversationEnded as "listen-when-conversation-ended"');
  });

  it('cannot publish an event that the catalogue does not give it', async () => {
    const service = await start('metrics-aggregator');
    await expect(
      service.get(EventPublisher).publish(CallAnsweredSchema, { callId: 'ca_1' }, { tenantId }),
    ).rejects.toThrow('metrics-aggregator does not say calls.v1.CallAnswered');
  });
});
