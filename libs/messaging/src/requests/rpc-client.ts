import {
  create,
  fromBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Injectable } from '@nestjs/common';
import { ClientNats, type PacketId, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { rpcSubject } from '@tradeline/contracts';
import { inSpan, SpanKind } from '@tradeline/service-runtime';
import { firstValueFrom, TimeoutError, timeout } from 'rxjs';
import { Bus } from '../bus/bus.js';
import { AnswerDeserializer, QuestionSerializer, type TypedMessage } from './protobuf-wire.js';
import { RpcRefused, RpcUnavailable } from './rpc-errors.js';

const DEFAULT_TIMEOUT_MS = 2_000;
/** What the server sends instead of an answer when nobody subscribes to the question. */
const NO_RESPONDERS = 503;

export interface AskOptions {
  /** Default 2000. */
  readonly timeoutMs?: number;
  /** Asks one instance instead of any: the instance's id. */
  readonly subjectSuffix?: string;
}

/** Nest's NATS client on the service's one connection. An empty protobuf answer is an answer here, not an error. */
class QuestionClient extends ClientNats {
  constructor(private readonly bus: Bus) {
    super({
      inboxPrefix: bus.inboxPrefix,
      serializer: new QuestionSerializer(),
      deserializer: new AnswerDeserializer(),
    });
  }

  override createClient(): Promise<NatsConnection> {
    return Promise.resolve(this.bus.connection);
  }

  override handleStatusUpdates(): Promise<void> {
    return Promise.resolve();
  }

  /** The connection is the service's; its owner closes it. */
  override close(): Promise<void> {
    this.handleClose();
    return Promise.resolve();
  }

  override createSubscriptionHandler(
    _packet: ReadPacket & PacketId,
    callback: (packet: WritePacket) => unknown,
  ) {
    return (error: Error | null, message: Record<string, unknown>): Promise<unknown> => {
      const reply = message as unknown as Msg;
      if (error) callback({ err: error, isDisposed: true });
      else if (reply.headers?.code === NO_RESPONDERS) {
        callback({ err: new RpcUnavailable(`nobody answers ${reply.subject}`), isDisposed: true });
      } else callback(new AnswerDeserializer().deserialize(reply));
      return Promise.resolve();
    };
  }
}

/** Asks other services; only the questions that the catalogue gives to this service get through. */
@Injectable()
export class RpcClient {
  readonly #client: QuestionClient;

  constructor(private readonly bus: Bus) {
    this.#client = new QuestionClient(bus);
  }

  /**
   * @throws RpcUnavailable when nobody answers in time.
   * @throws RpcRefused when the answerer says no: its code says why.
   */
  async ask<Req extends DescMessage, Res extends DescMessage>(
    request: Req,
    response: Res,
    init: MessageInitShape<Req>,
    { timeoutMs = DEFAULT_TIMEOUT_MS, subjectSuffix }: AskOptions = {},
  ): Promise<MessageShape<Res>> {
    if (!this.bus.role.asks.some((question) => question.typeName === request.typeName)) {
      throw new Error(
        `${this.bus.service} does not ask ${request.typeName}: declare it in libs/contracts/src/catalogue.ts`,
      );
    }
    const name = rpcSubject(request);
    const subject = subjectSuffix ? `${name}.${subjectSuffix}` : name;
    const question: TypedMessage = { schema: request, message: create(request, init) };
    const bytes = await inSpan(`ask ${name}`, { kind: SpanKind.CLIENT }, () =>
      this.#send(subject, question, timeoutMs),
    );
    return fromBinary(response, bytes);
  }

  async #send(subject: string, question: TypedMessage, timeoutMs: number): Promise<Uint8Array> {
    if (!this.bus.connected) throw new RpcUnavailable(`${subject}: no connection to the bus`);
    try {
      return await firstValueFrom(this.#client.send<Uint8Array>(subject, question).pipe(timeout(timeoutMs)));
    } catch (error) {
      if (error instanceof RpcRefused || error instanceof RpcUnavailable) throw error;
      if (error instanceof TimeoutError) throw new RpcUnavailable(`${subject}: no answer in ${timeoutMs} ms`);
      throw new RpcUnavailable(`${subject}: could not be asked`, { cause: error });
    }
  }
}
