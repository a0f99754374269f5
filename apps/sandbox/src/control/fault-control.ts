import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeHubSpot, Mailbox } from '@tradeline/testing';
import { z } from 'zod';
import type { Party } from '../http-origin.js';
import { answer, readJson } from './json-http.js';

const slow = z.strictObject({ kind: z.literal('slow'), delayMs: z.int().min(1).max(120_000) });
const times = z.int().min(1).max(1_000).default(1);
const expression = z.string().refine((text) => isExpression(text), 'a regular expression is expected');

const faultOrder = z.discriminatedUnion('party', [
  z.strictObject({
    party: z.literal('hubspot'),
    fault: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('status'),
        status: z.int().min(400).max(599),
        retryAfterSeconds: z.int().min(1).optional(),
      }),
      z.strictObject({ kind: z.literal('drop-after-write') }),
      slow,
    ]),
    times,
    /** Of "METHOD /path"; every request when absent. */
    matching: expression.default('.'),
  }),
  z.strictObject({
    party: z.literal('mail'),
    fault: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('refuse'),
        code: z.int().min(400).max(599),
        at: z.enum(['recipient', 'data']).optional(),
      }),
      z.strictObject({ kind: z.literal('drop-after-data') }),
      slow,
    ]),
    times,
  }),
]);

/**
 * Plans troubles of the mail server and the CRM: `POST /control/faults` plans one, `GET /control/faults` tells how many
 * planned troubles each has not met yet. The model's are planned at its own `_control`.
 */
export class FaultControl implements Party {
  constructor(
    private readonly hubspot: FakeHubSpot,
    private readonly mailbox: Mailbox,
  ) {}

  handleHttp(request: IncomingMessage, response: ServerResponse): boolean {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/control/faults') return false;
    if (request.method === 'GET') this.show(response);
    else if (request.method === 'POST') void this.plan(request, response);
    else answer(response, 405, { error: 'GET or POST' });
    return true;
  }

  private show(response: ServerResponse): void {
    answer(response, 200, { hubspot: this.hubspot.faultsLeft, mail: this.mailbox.faultsLeft });
  }

  private async plan(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const order = faultOrder.safeParse(await readJson(request));
    if (!order.success) return answer(response, 400, { error: z.prettifyError(order.error) });
    const { data } = order;
    if (data.party === 'mail') this.mailbox.failNext(withoutUndefined(data.fault), data.times);
    else this.hubspot.failNext(withoutUndefined(data.fault), data.times, new RegExp(data.matching));
    this.show(response);
  }
}

const isExpression = (text: string): boolean => {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
};

type Exact<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** An absent field is absent, not undefined, where types are exact. */
const withoutUndefined = <T extends object>(value: T): Exact<T> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Exact<T>;
