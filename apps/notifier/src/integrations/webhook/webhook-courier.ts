import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { maskText } from '@tradeline/service-runtime';
import { Webhook } from 'standardwebhooks';
import { Courier } from '../../domain/courier.js';
import type { Parcel, Receipt } from '../../domain/courier.js';
import { healsByItself, RemoteTrouble, retryAfterMs } from '../../domain/remote-trouble.js';
import { AddressRefused, checkWebhookUrl, guardedLookup } from './address-guard.js';
import type { GuardOptions } from './address-guard.js';
import { webhookPayload } from './webhook-payload.js';

const TIMEOUT_MS = 15_000;
/** Enough of an answer to tell what went wrong. */
const ANSWER_MAX_BYTES = 2_048;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const readSome = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= ANSWER_MAX_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_MAX_BYTES).toString('utf8');
};

const post = (
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  { guard, signal }: { guard: GuardOptions; signal: AbortSignal },
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        lookup: guardedLookup(guard),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        // A connection that is kept would skip the look at its address the next time.
        agent: false,
      },
      (response) => {
        readSome(response).then(
          (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const troubleOf = ({ status, headers, body }: Answer): RemoteTrouble => {
  const facts = { status, redactedBody: maskText(body), requestId: requestIdOf(headers) };
  const again = retryAfterMs(headers['retry-after'], new Date());
  if (status === 410) {
    const words =
      'The webhook address says that it is gone for good, so the webhook was switched off. Set a new address to switch it on again.';
    return new RemoteTrouble({ ...facts, kind: 'permanent', words, disable: true });
  }
  if (status >= 300 && status < 400) {
    const words = `The webhook address answered with a redirect (${status}), which we do not follow. Set the final address, then replay this.`;
    return new RemoteTrouble({ ...facts, kind: 'permanent', words });
  }
  if (healsByItself(status) || status === 409) {
    return new RemoteTrouble({
      ...facts,
      kind: 'transient',
      words: `The webhook's server answered ${status}.`,
      retryAfterMs: again,
    });
  }
  const words = `The webhook's server refused the message (${status}). Mend it there, then replay this.`;
  return new RemoteTrouble({ ...facts, kind: 'permanent', words });
};

const requestIdOf = (headers: IncomingHttpHeaders): string => {
  const id = headers['x-request-id'];
  return typeof id === 'string' ? id.slice(0, 200) : '';
};

/** Delivers to a tenant's own address, signed as Standard Webhooks 1.0.0 has it; `webhook-id` is the same on every retry. */
export class WebhookCourier extends Courier {
  override readonly target = 'webhook';

  constructor(private readonly guard: GuardOptions) {
    super();
  }

  override async send({ delivery, content, connection }: Parcel, signal: AbortSignal): Promise<Receipt> {
    if (!connection) throw new Error('a webhook delivery needs a connection');
    const url = this.checked(connection.url);
    const body = webhookPayload(delivery, content);
    const at = new Date();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'TradeLine-Webhooks/1.0',
      'webhook-id': delivery.deliveryId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(connection.secret).sign(delivery.deliveryId, at, body),
    };
    const answer = await this.posted(url, body, headers, signal);
    if (answer.status < 200 || answer.status >= 300) throw troubleOf(answer);
    return { remoteId: '', status: answer.status, requestId: requestIdOf(answer.headers) };
  }

  private async posted(
    url: URL,
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer> {
    try {
      return await post(url, body, headers, { guard: this.guard, signal });
    } catch (error) {
      if (error instanceof AddressRefused) throw refused(error);
      throw new RemoteTrouble({
        kind: 'transient',
        words: "The webhook's server could not be reached.",
        cause: error,
      });
    }
  }

  private checked(text: string): URL {
    try {
      return checkWebhookUrl(text, this.guard);
    } catch (error) {
      throw error instanceof AddressRefused ? refused(error) : error;
    }
  }
}

const refused = (error: AddressRefused): RemoteTrouble =>
  new RemoteTrouble({ kind: 'permanent', words: `${error.message} Set another address, then replay this.` });
