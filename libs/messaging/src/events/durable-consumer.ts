import {
  AckPolicy,
  DeliverPolicy,
  jetstreamManager,
  type Consumer,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { DescMessage } from '@bufbuild/protobuf';
import { anyTenant, durableName, streamOf } from '@tradeline/contracts';
import { log } from '@tradeline/service-runtime';
import type { Bus } from '../bus/bus.js';

/** An unacknowledged delivery comes again after this; long handlers say that they are at work every third of it. */
export const ACK_WAIT_MS = 10_000;

/** Generous, since a delivery that waits for its next try counts as pending. */
const MAX_ACK_PENDING = 2_000;

const configOf = (durable: string, event: DescMessage): Partial<ConsumerConfig> => ({
  name: durable,
  durable_name: durable,
  filter_subject: anyTenant(event),
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(ACK_WAIT_MS),
  // The server would drop a message in silence at its limit; we count deliveries ourselves and keep a dead letter.
  max_deliver: -1,
  max_ack_pending: MAX_ACK_PENDING,
  deliver_policy: DeliverPolicy.All,
});

const addOrUpdate = async (
  manager: JetStreamManager,
  stream: string,
  durable: string,
  config: Partial<ConsumerConfig>,
): Promise<ConsumerInfo> => {
  try {
    return await manager.consumers.add(stream, config);
  } catch (error) {
    // It is there with an earlier release's settings.
    const exists = error instanceof Error && /already exists/i.test(error.message);
    if (!exists) throw error;
    return manager.consumers.update(stream, durable, config);
  }
};

/**
 * Creates the durable consumer of a reaction, or finds it as it is. Any number of instances may do it at once.
 * @throws when the stream is missing: streams are made by whoever sets up the servers, not by services.
 */
export const ensureDurable = async (bus: Bus, event: DescMessage, reaction: string): Promise<Consumer> => {
  const stream = streamOf(event).name;
  const durable = durableName(bus.service, reaction);
  const manager = await jetstreamManager(bus.connection, { checkAPI: false, timeout: 10_000 });
  try {
    const info = await addOrUpdate(manager, stream, durable, configOf(durable, event));
    log.info('consumer_ready', { consumer: durable, stream, pending: info.num_pending });
  } catch (error) {
    throw new Error(`cannot create the consumer ${durable} on stream ${stream}`, { cause: error });
  }
  return bus.jetstream.consumers.get(stream, durable);
};
