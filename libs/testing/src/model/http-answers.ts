import type { IncomingMessage, ServerResponse } from 'node:http';
import { newModelId } from './identifiers.js';

/** A part of the fake that answers requests. */
export interface Endpoint {
  /** False when the request is not for this one. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Lets go of requests that are never answered. */
  close(): void;
}

export interface ApiError {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param?: string | null;
}

export const INVALID_KEY: ApiError = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
  message: 'Incorrect API key provided.',
};
export const RATE_LIMITED: ApiError = {
  status: 429,
  type: 'requests',
  code: 'rate_limit_exceeded',
  message: 'Rate limit reached for requests per min. Please try again in 1s.',
};

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-request-id': newModelId('req'), ...headers })
    .end(JSON.stringify(body));
}

export function sendError(
  response: ServerResponse,
  error: ApiError,
  headers: Record<string, string> = {},
): void {
  sendJson(response, error.status, errorBody(error), headers);
}

export function errorBody({ message, type, param = null, code }: ApiError): unknown {
  return { error: { message, type, param, code } };
}

/** The path without its query. */
export function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://localhost').pathname;
}

/** The key of `Authorization: Bearer <key>`. */
export function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer\s+(\S+)$/iu.exec(request.headers.authorization ?? '')?.[1];
}

/** Reads a JSON body. Rejects when it is none, or too large. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) throw new Error('the body is too large');
    parts.push(bytes);
  }
  return JSON.parse(Buffer.concat(parts).toString()) as unknown;
}
