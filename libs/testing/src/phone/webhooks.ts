import { randomUUID } from 'node:crypto';
import { signRequest } from './signature.js';

export type FormFields = Readonly<Record<string, string>>;

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Why no answer came: nothing listens there, or it took longer than Twilio waits. */
export class WebhookUnanswered extends Error {
  constructor(
    readonly url: string,
    override readonly cause: unknown,
    readonly connected: boolean,
  ) {
    super(`no answer from ${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Twilio waits fifteen seconds for a voice webhook. */
const WEBHOOK_TIMEOUT_MS = 15_000;

export interface WebhookRequest {
  readonly url: string;
  readonly method: string;
  readonly fields: FormFields;
  readonly authToken: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Requests a webhook as Twilio does: form fields in a POST body or a GET query, signed over the exact URL.
 * One more try when the connection could not be made, as Twilio's default connection settings say
 * ("rc=1&rp=ct"); an answer of any status is an answer.
 */
export async function requestWebhook(request: WebhookRequest): Promise<WebhookAnswer> {
  const idempotencyToken = randomUUID();
  try {
    return await attempt(request, idempotencyToken);
  } catch (error) {
    if (!(error instanceof WebhookUnanswered) || error.connected || request.signal?.aborted) throw error;
    return attempt(request, idempotencyToken);
  }
}

async function attempt(request: WebhookRequest, idempotencyToken: string): Promise<WebhookAnswer> {
  const isGet = request.method === 'GET';
  const url = isGet ? withQuery(request.url, request.fields) : request.url;
  const timeout = AbortSignal.timeout(WEBHOOK_TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'user-agent': 'TwilioProxy/1.1',
        accept: '*/*',
        'i-twilio-idempotency-token': idempotencyToken,
        'x-twilio-signature': signRequest(request.authToken, url, isGet ? {} : request.fields),
      },
      ...(isGet ? {} : { body: new URLSearchParams(request.fields).toString() }),
      signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  } catch (error) {
    throw new WebhookUnanswered(url, error, timeout.aborted || !isConnectionFailure(error));
  }
}

function isConnectionFailure(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNREFUSED';
}

function withQuery(url: string, fields: FormFields): string {
  const query = new URLSearchParams(fields).toString();
  return url + (url.includes('?') ? '&' : '?') + query;
}
