import { fromBinary } from '@bufbuild/protobuf';
import {
  AckPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { headers as newHeaders } from '@nats-io/nats-core';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { CallAnsweredSchema, subjectOf } from '@tradeline/contracts';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPlatform } from './running-platform.js';

export const FACTS = ['CALLS', 'CONVERSATIONS', 'LEADS'] as const;

/** The platform's bus with the administrator's rights, to look at what lies there and to say it again. */
export class Bus {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly manager: JetStreamManager,
    private readonly client: JetStreamClient,
    private readonly tenantId: string,
  ) {}

  static async open({ dataDir, line }: RunningPlatform): Promise<Bus> {
    const secrets = JSON.parse(readFileSync(join(dataDir, 'servers/secrets.json'), 'utf8')) as Record<
      string,
      string
    >;
    const connection = await connect({
      servers: line.servers.nats?.url ?? '',
      user: 'migrator',
      pass: secrets['nats/migrator'] ?? '',
      inboxPrefix: '_INBOX_migrator',
      maxReconnectAttempts: -1,
    });
    return new Bus(connection, await jetstreamManager(connection), jetstream(connection), line.tenant.id);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** The bridge that a call was given first. @throws while the call has not been answered */
  async bridgeOf(callSid: string): Promise<string> {
    for (const { data } of await this.messagesOf('CALLS', subjectOf(CallAnsweredSchema, this.tenantId))) {
      const answered = fromBinary(CallAnsweredSchema, data);
      if (answered.callSid === callSid) return answered.bridgeInstance;
    }
    throw new Error(`call ${callSid} is not on the bus`);
  }

  /**
   * Says everything again that lies in the streams, as a publisher does whose acknowledgement was lost for longer than
   * the server remembers message ids. @returns how many messages that were
   */
  async sayAllAgain(): Promise<number> {
    const copies = (await Promise.all(FACTS.map((stream) => this.messagesOf(stream)))).flat();
    for (const { subject, data, headers } of copies) {
      const lines = newHeaders();
      for (const [key, values] of headers ?? []) for (const value of values) lines.append(key, value);
      lines.set('Nats-Msg-Id', randomUUID());
      await this.client.publish(subject, data, { headers: lines });
    }
    return copies.length;
  }

  /** Messages that some reaction has not yet acknowledged, over all three streams. */
  async unheard(): Promise<number> {
    let count = 0;
    for (const stream of FACTS) {
      for await (const { config, num_pending, num_ack_pending } of this.manager.consumers.list(stream)) {
        if (config.ack_policy === AckPolicy.Explicit) count += num_pending + num_ack_pending;
      }
    }
    return count;
  }

  async deadLetters(): Promise<number> {
    return (await this.manager.streams.info('DEAD_LETTERS')).state.messages;
  }

  private async messagesOf(stream: string, subject?: string): Promise<JsMsg[]> {
    const consumer = await this.client.consumers.get(
      stream,
      subject === undefined ? {} : { filter_subjects: subject },
    );
    const { num_pending: count } = await consumer.info(true);
    if (count === 0) return [];
    const found: JsMsg[] = [];
    for await (const message of await consumer.fetch({ max_messages: count, expires: 10_000 })) {
      found.push(message);
      if (found.length === count) break;
    }
    return found;
  }
}
