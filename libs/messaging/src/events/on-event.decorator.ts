import type { DescMessage } from '@bufbuild/protobuf';
import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/** Marks handlers of the JetStream transport; one without a transport would be bound to every transport. */
export const JETSTREAM = Symbol('jetstream');

/** Six deliveries with the back-off below take about half a minute, then a person looks at it. */
export const DEFAULT_MAX_DELIVERIES = 6;

export interface OnEventOptions {
  /** Deliveries before the event becomes a dead letter. */
  readonly maxDeliveries?: number;
}

export interface EventHandlerExtras {
  readonly event: DescMessage;
  readonly reaction: string;
  readonly maxDeliveries: number;
}

/** Nest replaces unknown errors by "Internal server error"; the transport must see what really happened. */
@Catch()
class PassFailureOn implements RpcExceptionFilter {
  catch(failure: unknown): Observable<never> {
    return throwError(() => failure);
  }
}

/**
 * Makes a controller's method a durable, at-least-once consumer of one event.
 * The method is called as `(event, delivery)`. It must make a second delivery harmless: see `processOnce`.
 *
 * Throw `PermanentFailure` for what will never succeed (dead letter at once), `RetryLater` for what is too early,
 * anything else for what may succeed the next time (back-off).
 *
 * @param reaction as declared in the catalogue for this service; it names the durable consumer.
 */
export const OnEvent = (
  event: DescMessage,
  reaction: string,
  options: OnEventOptions = {},
): MethodDecorator => {
  const extras: EventHandlerExtras = {
    event,
    reaction,
    maxDeliveries: options.maxDeliveries ?? DEFAULT_MAX_DELIVERIES,
  };
  return applyDecorators(
    (target: object, key: string | symbol) => {
      Payload()(target, key, 0);
      Ctx()(target, key, 1);
    },
    EventPattern<string>(reaction, JETSTREAM, { ...extras }),
    UseFilters(PassFailureOn),
  ) as MethodDecorator;
};
