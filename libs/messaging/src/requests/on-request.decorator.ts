import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import {
  applyDecorators,
  Catch,
  UseFilters,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type RpcExceptionFilter,
} from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { rpcSubject } from '@tradeline/contracts';
import { attributeKeys, inSpan, log, withLogContext, SpanKind } from '@tradeline/service-runtime';
import { from, lastValueFrom, throwError, type Observable } from 'rxjs';
import { decodeQuestion, type HeardQuestion, type TypedMessage } from './protobuf-wire.js';
import { RpcRefused } from './rpc-errors.js';

/** What the request transport reads of a handler. */
export interface RequestHandlerExtras {
  readonly request: DescMessage;
}

/** Decodes the question, runs the handler inside a span of the asker's trace, and types the answer. */
class AnswerInProtobuf<Req extends DescMessage, Res extends DescMessage> implements NestInterceptor {
  constructor(
    private readonly request: Req,
    private readonly response: Res,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<TypedMessage> {
    const args = context.getArgs<unknown[]>();
    const question = args[0] as HeardQuestion;
    const decoded = decodeQuestion(this.request, question.bytes);
    args[0] = decoded;
    const tenantId = (decoded as { tenantId?: string }).tenantId;
    const name = rpcSubject(this.request);
    const answer = () =>
      inSpan(
        `answer ${name}`,
        {
          kind: SpanKind.SERVER,
          parent: question.traceparent,
          attributes: tenantId ? { [attributeKeys.tenantId]: tenantId } : {},
        },
        () => lastValueFrom(next.handle()) as Promise<MessageInitShape<Res>>,
      );
    return from(
      withLogContext(tenantId ? { tenantId } : {}, answer).then((init) => ({
        schema: this.response,
        message: create(this.response, init),
      })),
    );
  }
}

/** Lets a refusal through as it is, and logs anything else, which the asker sees as 'internal'. */
@Catch()
class PassRefusalOn implements RpcExceptionFilter {
  catch(failure: unknown): Observable<never> {
    if (!(failure instanceof RpcRefused)) {
      const reason = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
      log.error('answer_failed', { reason });
    }
    return throwError(() => failure);
  }
}

/**
 * Makes a controller's method the answerer of one question. It gets the decoded request and returns the
 * response's content; it throws `NotFound` or `RpcRefused` for a no that the asker should understand.
 */
export const OnRequest = (request: DescMessage, response: DescMessage): MethodDecorator => {
  const extras: RequestHandlerExtras = { request };
  return applyDecorators(
    (target: object, key: string | symbol) => Payload()(target, key, 0),
    MessagePattern<string>(rpcSubject(request), Transport.NATS, { ...extras }),
    UseInterceptors(new AnswerInProtobuf(request, response)),
    UseFilters(PassRefusalOn),
  ) as MethodDecorator;
};
