import type { z } from 'zod';
import type { Caller } from '../domain/caller.js';
import type { Scope } from '../domain/scopes.js';

export type Method = 'get' | 'put' | 'post' | 'delete';

/**
 * One endpoint: what it takes, what it gives and what it needs. Requests are validated by it, answers are cut to it,
 * and the OpenAPI description is made of it, so the three cannot differ.
 */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: "/v1/calls/{id}". */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What a tenant's key must be allowed; 'operator' for the operator's token; 'none' for anybody. */
  readonly needs: Scope | 'operator' | 'none';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The answer's body; absent for 204 and for streams. */
  readonly response?: z.ZodType;
  /** Default 200; 204 without a response. */
  readonly status?: number;
  /** For an answer that is not JSON. */
  readonly responseType?: string;
  /** Problems beside those that every endpoint of its kind has: 400 with input, 401 and 403 with a key, 429. */
  readonly problems?: readonly (404 | 409 | 413 | 503)[];
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets. */
export interface Input<R extends Route> {
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  /** Who asks; absent on the operator's and open endpoints. */
  readonly caller: R['needs'] extends 'operator' | 'none' ? undefined : Caller;
}

export type Output<R extends Route> = R['response'] extends z.ZodType ? z.input<R['response']> : unknown;

/** Keeps the literal types, which `Input` and `Output` read. */
export const route = <const R extends Route>(definition: R): R => definition;
