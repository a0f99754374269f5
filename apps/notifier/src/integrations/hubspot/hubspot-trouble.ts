import { maskText } from '@tradeline/service-runtime';
import { healsByItself, RemoteTrouble, retryAfterMs } from '../../domain/remote-trouble.js';

/** What of HubSpot's answer we go by; its client throws an exception whose message repeats the whole answer. */
export interface HubSpotAnswer {
  readonly status: number;
  readonly message: string;
  readonly category: string;
  readonly correlationId: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface ApiException {
  readonly code: unknown;
  readonly body: unknown;
  readonly headers: unknown;
}

const bodyOf = (body: unknown): Readonly<Record<string, unknown>> => {
  if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  if (typeof body !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, unknown>)
      : { message: body };
  } catch {
    return { message: body };
  }
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** HubSpot's refusal out of what its client threw; undefined when there was no answer at all. */
export const answerOf = (error: unknown): HubSpotAnswer | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('headers' in error))
    return undefined;
  const { code, body, headers } = error as ApiException;
  if (typeof code !== 'number') return undefined;
  const parts = bodyOf(body);
  return {
    status: code,
    message: textOf(parts['message']),
    category: textOf(parts['category']),
    correlationId: textOf(parts['correlationId']),
    headers: (headers ?? {}) as Record<string, string>,
  };
};

/** HubSpot's limits run over ten seconds; an answer without a pause of its own gets a part of that. */
const LIMIT_PAUSE_MS = 2_000;
/** 423: the record is being changed by somebody else. */
const LOCKED = 423;

const permanentWords = (status: number): string => {
  if (status === 401)
    return 'HubSpot did not accept the access token. Connect HubSpot again with a valid token, then replay this.';
  if (status === 403) {
    return "HubSpot's access token lacks a permission. Give the private app read and write access to contacts, then replay this.";
  }
  return `HubSpot did not accept the record (${status}). Whoever looks after your HubSpot account can tell why; then replay this.`;
};

/** What HubSpot's refusal means for the delivery. */
export const hubSpotTrouble = (error: unknown, now = new Date()): RemoteTrouble => {
  if (error instanceof RemoteTrouble) return error;
  const answer = answerOf(error);
  if (!answer) return new RemoteTrouble({ kind: 'transient', words: 'HubSpot could not be reached.' });
  const { status } = answer;
  const facts = {
    status,
    requestId: answer.correlationId,
    redactedBody: maskText(answer.message).slice(0, 500),
  };
  if (healsByItself(status) || status === LOCKED || status === 409) {
    const asked =
      retryAfterMs(answer.headers['retry-after'], now) ?? (status === 429 ? LIMIT_PAUSE_MS : undefined);
    const words = status === 429 ? 'HubSpot asked us to slow down.' : `HubSpot answered ${status}.`;
    return new RemoteTrouble({ ...facts, kind: 'transient', words, retryAfterMs: asked });
  }
  return new RemoteTrouble({ ...facts, kind: 'permanent', words: permanentWords(status) });
};

/** Names in HubSpot's answer to a value that another record already has, where the property must be unique. */
export const isTakenValue = (answer: HubSpotAnswer, property: string): boolean =>
  answer.status === 400 &&
  answer.message.includes('CONFLICTING_UNIQUE_VALUE') &&
  answer.message.includes(property);

export const isUnknownProperty = (answer: HubSpotAnswer, property: string): boolean =>
  answer.status === 400 &&
  answer.message.includes('PROPERTY_DOESNT_EXIST') &&
  answer.message.includes(property);

export const isInvalidEmail = (answer: HubSpotAnswer): boolean =>
  answer.status === 400 && answer.message.includes('INVALID_EMAIL');

/** The record that holds the mail address already: "Contact already exists. Existing ID: 123". */
export const existingId = (answer: HubSpotAnswer): string | undefined =>
  answer.status === 409 ? /Existing ID:\s*(\d+)/.exec(answer.message)?.[1] : undefined;
