import { Client } from 'pg';
import { counter, currentTraceparent, inSpan, log, SpanKind } from '@tradeline/service-runtime';
import type { Bus } from '../bus/bus.js';
import { publishOnce } from '../events/event-publisher.js';
import { OUTBOX_CHANNEL } from './append-event.js';
import type { OutboxKeys } from './transaction.js';

const BATCH = 200;
/** NOTIFY wakes the relay at once; this finds what was appended while nobody listened. */
const POLL_MS = 2_000;
const RETRY_MS = 500;
const STANDBY_MS = 1_000;
/** Any number, the same in every instance: whoever holds it in a database relays for that database. */
const LEADER_LOCK = 7_240_001;

interface OutboxRow {
  readonly event_id: string;
  readonly subject: string;
  readonly event_type: string;
  readonly payload: Buffer;
  readonly traceparent: string | null;
  readonly occurred_at: Date;
}

const NEXT_BATCH = `
  SELECT event_id, subject, event_type, payload, traceparent, occurred_at
  FROM outbox_events WHERE NOT (event_id = ANY($1::text[]))
  ORDER BY created_at, event_id LIMIT ${BATCH}`;

const relayed = counter('messaging.outbox.relayed', 'Outbox rows that JetStream acknowledged');
const stuck = counter('messaging.outbox.refused', 'Attempts to publish an outbox row that failed');

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const queuesBySubject = (rows: readonly OutboxRow[]): OutboxRow[][] => {
  const queues = new Map<string, OutboxRow[]>();
  for (const row of rows) queues.set(row.subject, [...(queues.get(row.subject) ?? []), row]);
  return [...queues.values()];
};

/**
 * Publishes what transactions appended, in order per subject, and deletes it when JetStream has acknowledged.
 * One instance per database works at a time, the others stand by: with two, an older snapshot of a tenant's
 * settings could overtake a newer one. A crash between acknowledgement and delete publishes again under the same
 * message id.
 */
export class OutboxRelay {
  readonly #bus: Bus;
  readonly #url: string;
  readonly #keys: OutboxKeys;
  #client: Client | undefined;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #endSleep: (() => void) | undefined;
  #woken = false;
  #trouble: string | undefined = 'not started';

  constructor(bus: Bus, url: string, keys: OutboxKeys) {
    this.#bus = bus;
    this.#url = url;
    this.#keys = keys;
  }

  /** Why nothing is relayed at present; undefined when all is well. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Publishes what is there, then lets go of the database. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#connect();
        await this.#lead();
      } catch (error) {
        this.#trouble = describe(error);
        log.warn('outbox_interrupted', { reason: this.#trouble });
        await this.#sleep(RETRY_MS);
      } finally {
        await this.#disconnect();
      }
    }
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: `${this.#bus.service} outbox relay`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    // Without a listener a lost connection would end the process.
    client.on('error', (error) => {
      this.#trouble = describe(error);
      this.#wake();
    });
    client.on('notification', () => this.#wake());
    this.#client = client;
    await client.connect();
    await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
    this.#trouble = undefined;
  }

  async #disconnect(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #lead(): Promise<void> {
    while (!(await this.#becomeLeader())) {
      if (this.#stopped) return;
      await this.#sleep(STANDBY_MS);
    }
    for (;;) {
      const left = await this.#relayAll();
      if (this.#trouble) throw new Error(this.#trouble);
      if (this.#stopped) return;
      await this.#sleep(left ? RETRY_MS : POLL_MS);
    }
  }

  async #becomeLeader(): Promise<boolean> {
    const { rows } = await this.#query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [
      LEADER_LOCK,
    ]);
    return rows[0]?.leads === true;
  }

  /** @returns true when rows were left behind because they could not be published. */
  async #relayAll(): Promise<boolean> {
    const failed = new Set<string>();
    for (;;) {
      const { rows } = await this.#query<OutboxRow>(NEXT_BATCH, [[...failed]]);
      const done = await this.#publishAll(rows, failed);
      if (done.length > 0)
        await this.#query('DELETE FROM outbox_events WHERE event_id = ANY($1::text[])', [done]);
      relayed.add(done.length);
      // A subject that failed keeps its later rows back, so its order holds.
      if (rows.length < BATCH || done.length === 0) return failed.size > 0;
    }
  }

  async #publishAll(rows: readonly OutboxRow[], failed: Set<string>): Promise<string[]> {
    const done: string[] = [];
    await Promise.all(
      queuesBySubject(rows).map(async (queue) => {
        for (const [index, row] of queue.entries()) {
          try {
            await this.#publish(row);
            done.push(row.event_id);
          } catch (error) {
            stuck.add(1);
            log.warn('outbox_not_published', {
              eventId: row.event_id,
              type: row.event_type,
              reason: describe(error),
            });
            for (const later of queue.slice(index)) failed.add(later.event_id);
            return;
          }
        }
      }),
    );
    return done;
  }

  async #publish(row: OutboxRow): Promise<void> {
    const payload = this.#keys.openFromOutbox(row.payload);
    const parent = row.traceparent ?? undefined;
    await inSpan(`publish ${row.event_type}`, { kind: SpanKind.PRODUCER, parent }, () =>
      publishOnce(this.#bus, {
        eventId: row.event_id,
        subject: row.subject,
        type: row.event_type,
        payload,
        occurredAt: row.occurred_at,
        traceparent: currentTraceparent() ?? parent,
      }),
    );
  }

  #query<Row extends object>(sql: string, values: unknown[] = []) {
    if (!this.#client) throw new Error('the relay has no database connection');
    return this.#client.query<Row>(sql, values);
  }

  /** What was appended while the relay was at work is noticed at its next sleep. */
  #wake(): void {
    this.#woken = true;
    this.#endSleep?.();
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#endSleep = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#endSleep = undefined;
    this.#woken = false;
  }
}
