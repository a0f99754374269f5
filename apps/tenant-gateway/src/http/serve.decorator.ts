import {
  applyDecorators,
  createParamDecorator,
  Delete,
  Get,
  HttpCode,
  Post,
  Put,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import type { Caller } from '../domain/caller.js';
import { badRequest, fieldErrors, type FieldError } from './problems.js';
import type { Method, Route } from './route.js';

export const ROUTE = Symbol('route');

/** A request that the guard has let in. */
export interface SignedInRequest extends Request {
  caller?: Caller;
}

const METHODS = { get: Get, put: Put, post: Post, delete: Delete } satisfies Record<Method, unknown>;

const parse = (
  schema: z.ZodType | undefined,
  place: string,
  value: unknown,
  errors: FieldError[],
): unknown => {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  errors.push(...fieldErrors(place, result.error.issues));
  return undefined;
};

/** Everything that came with the request, validated; all that is wrong is told at once. */
export const readInput = (route: Route, request: SignedInRequest): unknown => {
  const errors: FieldError[] = [];
  const input = {
    params: parse(route.params, 'path', request.params, errors),
    query: parse(route.query, 'query', request.query, errors),
    body: parse(route.body, 'body', request.body, errors),
    caller: request.caller,
  };
  if (errors.length > 0) throw badRequest(errors);
  return input;
};

const InputOf = createParamDecorator((route: Route, context: ExecutionContext) =>
  readInput(route, context.switchToHttp().getRequest<SignedInRequest>()),
);

/** Gives no more and no other than what is documented. */
class CutToResponse implements NestInterceptor {
  constructor(private readonly response: z.ZodType) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => this.response.parse(value)));
  }
}

const statusOf = (route: Route): number => route.status ?? (route.response || route.responseType ? 200 : 204);

/** Makes a controller's method the handler of a route; it is called with the route's `Input`. */
export const Serve = (route: Route): MethodDecorator => {
  const path = route.path.replace(/\{(\w+)\}/g, ':$1');
  return applyDecorators(
    (target: object, key: string | symbol) => InputOf(route)(target, key, 0),
    METHODS[route.method](path),
    HttpCode(statusOf(route)),
    SetMetadata(ROUTE, route),
    ...(route.response ? [UseInterceptors(new CutToResponse(route.response))] : []),
  ) as MethodDecorator;
};
