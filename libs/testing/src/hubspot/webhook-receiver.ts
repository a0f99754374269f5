import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedWebhook {
  readonly id: string;
  readonly receivedAt: string;
  /** False when the signature, the timestamp or a header is wrong. */
  readonly verified: boolean;
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface WebhookReceiverOptions {
  /** Where it is mounted, e.g. "/webhooks"; empty for the root. */
  readonly prefix?: string;
  /** "whsec_..." */
  readonly secret: string;
}

export interface WebhookReceiver {
  /** Takes POSTs below the prefix and answers GET with what came, as JSON. */
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
  /** Every request on the wire, retries included. */
  readonly received: readonly ReceivedWebhook[];
  /** What a receiver that deduplicates by webhook-id has taken. */
  accepted(): readonly ReceivedWebhook[];
  /** Answers the next `times` requests so; 0 takes the request and cuts the connection. */
  answerNext(status: number, times?: number, headers?: Readonly<Record<string, string>>): void;
}

/** The other end of a webhook: checks each request by the official Standard Webhooks package. */
export const createWebhookReceiver = (options: WebhookReceiverOptions): WebhookReceiver => {
  const prefix = options.prefix ?? '';
  const verifier = new Webhook(options.secret);
  const received: ReceivedWebhook[] = [];
  const planned: { status: number; left: number; headers: Readonly<Record<string, string>> }[] = [];

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    let payload: unknown;
    let verified = true;
    try {
      payload = verifier.verify(body, headers);
    } catch {
      verified = false;
    }
    const plan = planned.find((entry) => entry.left > 0);
    if (plan) plan.left -= 1;
    const status = plan?.status ?? (verified ? 204 : 401);
    received.push({
      id: headers['webhook-id'] ?? '',
      receivedAt: new Date().toISOString(),
      verified,
      payload,
      headers,
      status,
    });
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, plan?.headers).end();
  };

  return {
    handleHttp: (request, response) => {
      const path = new URL(request.url ?? '/', 'http://webhook.invalid').pathname;
      if (path !== prefix && !path.startsWith(`${prefix}/`)) return false;
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(received));
        return true;
      }
      void take(request, response);
      return true;
    },
    received,
    accepted: () => {
      const first = new Map<string, ReceivedWebhook>();
      for (const one of received) {
        const taken = one.verified && (one.status === 0 || (one.status >= 200 && one.status < 300));
        if (taken && !first.has(one.id)) first.set(one.id, one);
      }
      return [...first.values()];
    },
    answerNext: (status, times = 1, headers = {}) => void planned.push({ status, left: times, headers }),
  };
};

export interface StartedWebhookReceiver extends WebhookReceiver {
  readonly url: string;
  close(): Promise<void>;
}

/** A webhook receiver on a free loopback port, for a test. */
export const startWebhookReceiver = async (
  options: WebhookReceiverOptions,
): Promise<StartedWebhookReceiver> => {
  const receiver = createWebhookReceiver(options);
  const http = createServer((request, response) => {
    if (!receiver.handleHttp(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}${options.prefix ?? ''}`,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
};
