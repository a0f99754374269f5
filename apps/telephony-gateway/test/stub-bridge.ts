import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  BridgeHeartbeatSchema,
  presenceSubject,
  type ReserveRequest,
  ReserveRequestSchema,
  ReserveResponseSchema,
  rpcSubject,
} from '@tradeline/contracts';
import { type BusCredentials, connectOnce } from '@tradeline/messaging';

type Reply = MessageInitShape<typeof ReserveResponseSchema>;

export interface StubBridge {
  readonly instance: string;
  readonly asked: readonly ReserveRequest[];
  /** The headers' `traceparent` of each question. */
  readonly traces: readonly string[];
  /** Changes what the next heartbeats tell. */
  tell(state: { activeCalls?: number; capacity?: number; draining?: boolean; full?: boolean }): void;
  /** Falls silent and answers nothing, as a bridge that was cut off. */
  die(): Promise<void>;
}

/** A bridge as far as the gateway sees one: heartbeats, and an answer to each reservation. `reply` undefined never answers. */
export const stubBridge = async (
  credentials: BusCredentials,
  instance: string,
  reply: (request: ReserveRequest, nth: number) => Reply | undefined = () => ({}),
  startedAt?: Timestamp,
): Promise<StubBridge> => {
  const connection = await connectOnce(credentials, instance);
  const asked: ReserveRequest[] = [];
  const traces: string[] = [];
  let state = { activeCalls: 0, capacity: 10, draining: false, full: false };
  connection.subscribe(`${rpcSubject(ReserveRequestSchema)}.${instance}`, {
    callback: (_, message) => {
      const request = fromBinary(ReserveRequestSchema, message.data);
      asked.push(request);
      traces.push(message.headers?.get('traceparent') ?? '');
      const answer = reply(request, asked.length);
      if (!answer) return;
      const response = create(ReserveResponseSchema, {
        accepted: true,
        reservationId: `rv_${asked.length}`,
        streamUrl: `wss://phone.example/streams/${instance}/rv_${asked.length}`,
        streamToken: `token-${instance}-${asked.length}`,
        expiresAt: timestampFromMs(Date.now() + 15_000),
        ...answer,
      });
      message.respond(toBinary(ReserveResponseSchema, response));
    },
  });
  const beat = (): void => {
    const heartbeat = create(BridgeHeartbeatSchema, { ...state, instance, ...(startedAt && { startedAt }) });
    connection.publish(presenceSubject(instance), toBinary(BridgeHeartbeatSchema, heartbeat));
  };
  beat();
  const timer = setInterval(beat, 250);
  return {
    instance,
    asked,
    traces,
    tell: (change) => {
      state = { ...state, ...change };
      beat();
    },
    die: async () => {
      clearInterval(timer);
      await connection.flush();
      await connection.close();
    },
  };
};
