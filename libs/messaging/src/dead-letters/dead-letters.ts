import { jetstream, jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { DEAD_LETTERS, deadLetterSubject } from '@tradeline/contracts';
import { connectOnce, type BusCredentials } from '../bus/connection.js';
import { DEAD_LETTER, REPLAY_FOR } from './dead-letter.js';

export interface DeadLetter {
  /** Its place in the dead-letter stream: what `replay` takes. */
  readonly seq: number;
  /** The subject it was published on first. */
  readonly subject: string;
  /** The protobuf type name. */
  readonly type: string;
  readonly eventId: string;
  /** The durable consumer that could not take it. */
  readonly consumer: string;
  readonly reason: string;
  readonly deliveries: number;
  readonly at: Date;
  /** The event's own bytes, untouched. */
  readonly payload: Uint8Array;
}

const PREFIX = deadLetterSubject('');

const letterOf = (stored: StoredMsg): DeadLetter => {
  const line = (name: string): string => stored.header.get(name);
  return {
    seq: stored.seq,
    subject: stored.subject.slice(PREFIX.length),
    type: line('ce-type'),
    eventId: line(DEAD_LETTER.eventId),
    consumer: line(DEAD_LETTER.consumer),
    reason: line(DEAD_LETTER.reason),
    deliveries: Number(line(DEAD_LETTER.deliveries)),
    at: new Date(line(DEAD_LETTER.at)),
    payload: stored.data,
  };
};

/** What no handler could take: to look at, and to give to its handler once more when the cause is cured. */
export class DeadLetters {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly manager: JetStreamManager,
  ) {}

  /** @param admin a user that may read the dead-letter stream and publish any event; services may not. */
  static async open(admin: BusCredentials): Promise<DeadLetters> {
    const connection = await connectOnce(admin, 'dead-letters');
    return new DeadLetters(connection, await jetstreamManager(connection));
  }

  /** Oldest first, at most `limit`. */
  async list({ afterSeq = 0, limit = 100 }: { afterSeq?: number; limit?: number } = {}): Promise<
    DeadLetter[]
  > {
    const { state } = await this.manager.streams.info(DEAD_LETTERS.name);
    const letters: DeadLetter[] = [];
    for (
      let seq = Math.max(afterSeq + 1, state.first_seq);
      seq <= state.last_seq && letters.length < limit;
      seq++
    ) {
      const stored = await this.#stored(seq);
      if (stored) letters.push(letterOf(stored));
    }
    return letters;
  }

  /**
   * Publishes the event again, for the one consumer that could not take it. The dead letter stays until it expires.
   * @throws when there is no dead letter of that number.
   */
  async replay(seq: number): Promise<void> {
    const stored = await this.#stored(seq);
    if (!stored) throw new Error(`no dead letter ${seq}`);
    const letter = letterOf(stored);
    const lines = headers();
    for (const [name, values] of stored.header) {
      if (!name.startsWith('dead-letter-') && !name.startsWith('Nats-'))
        for (const value of values) lines.append(name, value);
    }
    lines.set(REPLAY_FOR, letter.consumer);
    await jetstream(this.connection).publish(letter.subject, stored.data, {
      headers: lines,
      // Its own id would be taken for a second publish; each replay is one, however often its ack is lost.
      msgID: `replay_${seq}_${Date.now()}`,
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async #stored(seq: number): Promise<StoredMsg | null> {
    return this.manager.streams.getMessage(DEAD_LETTERS.name, { seq }).catch((error: unknown) => {
      if (error instanceof Error && /no message found|message not found/i.test(error.message)) return null;
      throw error;
    });
  }
}
