import {
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/nats-core';
import {
  PHRASE_BUCKET,
  PHRASE_CLAIM_BUCKET,
  SNAPSHOT_BUCKET,
  STREAMS,
  type StreamPlan,
} from '@tradeline/contracts';
import { connectOnce, type BusCredentials } from '../bus/connection.js';

/** The server drops a second publish of the same message id within this. */
const DUPLICATE_WINDOW_MS = 2 * 60_000;

export interface StreamSetup {
  /** How many servers hold each message; 1 for a single server. */
  readonly replicas?: number;
}

const configOf = (plan: StreamPlan, replicas: number): Partial<StreamConfig> & { name: string } => ({
  name: plan.name,
  subjects: [...plan.subjects],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  storage: StorageType.File,
  max_age: nanos(plan.maxAgeMs),
  max_msgs_per_subject: plan.maxMessagesPerSubject || -1,
  max_bytes: plan.maxBytes,
  duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  allow_direct: true,
  num_replicas: replicas,
});

const ensureStream = async (manager: JetStreamManager, plan: StreamPlan, replicas: number): Promise<void> => {
  const config = configOf(plan, replicas);
  const exists = await manager.streams.info(plan.name).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && error.message === 'stream not found') return false;
      throw error;
    },
  );
  if (exists) await manager.streams.update(plan.name, config);
  else await manager.streams.add(config);
};

/**
 * Makes the streams and the key-value buckets, or brings them to this release's configuration. Safe to run again.
 * @param admin a user that may use the whole JetStream API; services may not.
 */
export const ensureStreams = async (
  admin: BusCredentials,
  { replicas = 1 }: StreamSetup = {},
): Promise<void> => {
  const connection = await connectOnce(admin, 'streams');
  try {
    const manager = await jetstreamManager(connection, { timeout: 10_000 });
    for (const plan of STREAMS) await ensureStream(manager, plan, replicas);
    const buckets = new Kvm(connection);
    for (const { name, ttlMs, maxBytes } of [SNAPSHOT_BUCKET, PHRASE_BUCKET, PHRASE_CLAIM_BUCKET])
      await buckets.create(name, { ttl: ttlMs, history: 1, max_bytes: maxBytes, replicas });
  } finally {
    await connection.close();
  }
};
