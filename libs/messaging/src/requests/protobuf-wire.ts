import { fromBinary, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type {
  ConsumerDeserializer,
  IncomingRequest,
  IncomingResponse,
  OutgoingResponse,
  ProducerDeserializer,
  Serializer,
} from '@nestjs/microservices';
import { currentTraceparent } from '@tradeline/service-runtime';
import { isRefusalCode, RpcRefused } from './rpc-errors.js';

/** Reply headers that carry a refusal; the body is empty then. */
const ERROR_CODE = 'rpc-error';
const ERROR_MESSAGE = 'rpc-error-message';
const CONTENT_TYPE = 'content-type';
const NEWLINES = /[\r\n]+/g;

/** A protobuf message with its schema: protobuf bytes do not say what they are. */
export interface TypedMessage {
  readonly schema: DescMessage;
  readonly message: Message;
}

/** A question as its handler's interceptor gets it. */
export interface HeardQuestion {
  readonly bytes: Uint8Array;
  readonly traceparent: string | undefined;
}

interface WireFrame {
  readonly data: Uint8Array;
  readonly headers: MsgHdrs;
}

const frame = (data: Uint8Array): WireFrame => {
  const lines = headers();
  lines.set(CONTENT_TYPE, 'application/protobuf');
  return { data, headers: lines };
};

/** Asking side, outwards. */
export class QuestionSerializer implements Serializer<{ data: TypedMessage }, WireFrame> {
  serialize({ data }: { data: TypedMessage }): WireFrame {
    const question = frame(toBinary(data.schema, data.message));
    const traceparent = currentTraceparent();
    if (traceparent) question.headers.set('traceparent', traceparent);
    return question;
  }
}

/** Answering side, inwards. The bytes are decoded by the handler's interceptor, which knows the schema. */
export class QuestionDeserializer implements ConsumerDeserializer {
  deserialize(message: Msg, options?: { channel?: string }): IncomingRequest {
    const data: HeardQuestion = {
      bytes: message.data,
      traceparent: message.headers?.get('traceparent') || undefined,
    };
    // One reply per question and per inbox, so the id that Nest wants need not be unique.
    return { id: message.reply ?? '', pattern: options?.channel ?? message.subject, data };
  }
}

/** Answering side, outwards. */
export class AnswerSerializer implements Serializer<OutgoingResponse, WireFrame> {
  serialize(packet: OutgoingResponse): WireFrame {
    const failure: unknown = packet.err;
    if (failure !== undefined && failure !== null) return refusal(failure);
    const answer = packet.response as TypedMessage | undefined;
    if (!answer) return refusal(new RpcRefused('internal', 'the handler gave no answer'));
    return frame(toBinary(answer.schema, answer.message));
  }
}

const refusal = (failure: unknown): WireFrame => {
  const empty = frame(new Uint8Array());
  const known = failure instanceof RpcRefused;
  empty.headers.set(ERROR_CODE, known ? failure.code : 'internal');
  // What went wrong inside stays inside; the answerer has logged it.
  empty.headers.set(ERROR_MESSAGE, known ? failure.message.replace(NEWLINES, ' ') : 'internal error');
  return empty;
};

/** Asking side, inwards. */
export class AnswerDeserializer implements ProducerDeserializer {
  deserialize(message: Msg): IncomingResponse {
    const id = '';
    const code = message.headers?.get(ERROR_CODE);
    if (!code) return { id, response: message.data, isDisposed: true };
    const text = message.headers?.get(ERROR_MESSAGE) ?? '';
    return { id, err: new RpcRefused(isRefusalCode(code) ? code : 'internal', text), isDisposed: true };
  }
}

/** @throws RpcRefused 'invalid' for bytes that are not the question that this subject takes. */
export const decodeQuestion = <Desc extends DescMessage>(schema: Desc, bytes: Uint8Array) => {
  try {
    return fromBinary(schema, bytes);
  } catch {
    throw new RpcRefused('invalid', `not a ${schema.typeName}`);
  }
};
