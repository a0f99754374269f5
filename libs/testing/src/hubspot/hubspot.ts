import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HubSpotPortal } from './hubspot-portal.js';
import type { Association, CrmRecord } from './hubspot-portal.js';
import {
  HubSpotRefusal,
  badRequest,
  missingScopes,
  noCredentials,
  tooManyRequests,
} from './hubspot-refusals.js';
import { answer } from './hubspot-routes.js';
import type { ApiAnswer } from './hubspot-routes.js';

export type HubSpotFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Does what was asked and cuts the connection before it answers. */
  | { readonly kind: 'drop-after-write' }
  | { readonly kind: 'slow'; readonly delayMs: number };

export interface HubSpotOptions {
  /** Where it is mounted, e.g. "/hubspot"; empty for the root. */
  readonly prefix?: string;
  /** Tokens that are known, each with a portal of its own; without this every token that begins with "pat-" is. */
  readonly tokens?: readonly string[];
  /** How long a written record stays invisible to search. */
  readonly searchDelayMs?: number;
  /** Per portal; HubSpot's own figure for a private app is 190 per 10 s. */
  readonly requestsPerTenSeconds?: number;
  readonly now?: () => Date;
}

export interface WireRequest {
  readonly at: string;
  readonly portalId: number | undefined;
  readonly method: string;
  readonly path: string;
  readonly status: number | 'dropped';
}

export interface HubSpotRecords {
  readonly contacts: readonly (CrmRecord & { portalId: number })[];
  readonly calls: readonly (CrmRecord & { portalId: number })[];
  readonly associations: readonly (Association & { portalId: number })[];
  readonly requests: number;
}

export interface FakeHubSpot {
  /** Serves HubSpot's API and `/_records` below the prefix; false when the request is somebody else's. */
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
  /** The portal behind a token; made on first use. */
  portal(token: string): HubSpotPortal;
  records(token?: string): HubSpotRecords;
  /** Every request that arrived, refused ones included. */
  readonly wire: readonly WireRequest[];
  /** The next `times` requests whose "METHOD /path" matches meet this fault. */
  failNext(fault: HubSpotFault, times?: number, matching?: RegExp): void;
  /** Planned faults that no request has met yet. */
  readonly faultsLeft: number;
  revoke(token: string): void;
  /** Takes away the right to define properties. */
  denySchemaScope(token: string): void;
  setSearchDelay(delayMs: number): void;
}

const WINDOW_MS = 10_000;

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('Invalid input JSON');
  }
};

/** A HubSpot that keeps what it is told and refuses as HubSpot does. Its specification is unpublished: the evidence is weak. */
export const createHubSpot = (options: HubSpotOptions = {}): FakeHubSpot => {
  const prefix = options.prefix ?? '';
  const now = options.now ?? (() => new Date());
  const limit = options.requestsPerTenSeconds ?? 190;
  const portals = new Map<string, HubSpotPortal>();
  const revoked = new Set<string>();
  const withoutSchema = new Set<string>();
  const recent = new Map<number, number[]>();
  const wire: WireRequest[] = [];
  const faults: { fault: HubSpotFault; left: number; matching: RegExp }[] = [];
  let searchDelayMs = options.searchDelayMs ?? 0;

  const portal = (token: string): HubSpotPortal => {
    const known = portals.get(token);
    if (known) return known;
    const made = new HubSpotPortal(1001 + portals.size, now);
    portals.set(token, made);
    return made;
  };

  const signIn = (request: IncomingMessage): { token: string; account: HubSpotPortal } => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const known = options.tokens ? options.tokens.includes(token) : token.startsWith('pat-');
    if (!known || revoked.has(token)) throw noCredentials();
    return { token, account: portal(token) };
  };

  const spend = (account: HubSpotPortal): Record<string, string> => {
    const since = now().getTime() - WINDOW_MS;
    const used = (recent.get(account.portalId) ?? []).filter((at) => at > since);
    if (used.length >= limit) throw tooManyRequests(1, 'TEN_SECONDLY_ROLLING');
    used.push(now().getTime());
    recent.set(account.portalId, used);
    return {
      'x-hubspot-ratelimit-max': String(limit),
      'x-hubspot-ratelimit-remaining': String(limit - used.length),
      'x-hubspot-ratelimit-interval-milliseconds': String(WINDOW_MS),
      'x-hubspot-ratelimit-daily': '650000',
      'x-hubspot-ratelimit-daily-remaining': String(650_000 - wire.length),
    };
  };

  const records = (token?: string): HubSpotRecords => {
    const chosen = [...portals]
      .filter(([held]) => token === undefined || held === token)
      .map(([, account]) => account);
    const of = (type: 'contacts' | 'calls') =>
      chosen.flatMap((account) =>
        account.ofType(type).map((record) => ({ ...record, portalId: account.portalId })),
      );
    return {
      contacts: of('contacts'),
      calls: of('calls'),
      associations: chosen.flatMap((account) =>
        account.associations.map((link) => ({ ...link, portalId: account.portalId })),
      ),
      requests: wire.length,
    };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const method = request.method ?? 'GET';
    const path = url.pathname.slice(prefix.length);
    let account: HubSpotPortal | undefined;
    let headers: Record<string, string> = {};
    const finish = (status: number, body: unknown, extra: Readonly<Record<string, string>> = {}): void => {
      wire.push({ at: now().toISOString(), portalId: account?.portalId, method, path, status });
      response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers, ...extra });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    try {
      const body = await readBody(request);
      const session = signIn(request);
      account = session.account;
      headers = spend(account);
      const planned = faults.find((entry) => entry.left > 0 && entry.matching.test(`${method} ${path}`));
      if (planned) planned.left -= 1;
      const fault = planned?.fault;
      if (fault?.kind === 'status') {
        if (fault.status === 429) throw tooManyRequests(fault.retryAfterSeconds ?? 1, 'TEN_SECONDLY_ROLLING');
        const extra: Record<string, string> = fault.retryAfterSeconds
          ? { 'retry-after': String(fault.retryAfterSeconds) }
          : {};
        throw new HubSpotRefusal(fault.status, { status: 'error', message: 'internal error' }, extra);
      }
      if (path.startsWith('/crm/v3/properties/') && method !== 'GET' && withoutSchema.has(session.token)) {
        throw missingScopes(['crm.schemas.contacts.write']);
      }
      if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      const visibleUntil = new Date(now().getTime() - searchDelayMs);
      const given: ApiAnswer = answer(account, { method, path, query: url.searchParams, body }, visibleUntil);
      if (fault?.kind === 'drop-after-write') {
        wire.push({ at: now().toISOString(), portalId: account.portalId, method, path, status: 'dropped' });
        request.socket.destroy();
        return;
      }
      finish(given.status, given.body);
    } catch (error) {
      if (error instanceof HubSpotRefusal) finish(error.status, error.body, error.headers);
      else finish(500, { status: 'error', message: String(error) });
    }
  };

  return {
    handleHttp: (request, response) => {
      const url = new URL(request.url ?? '/', 'http://hubspot.invalid');
      if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) return false;
      if (url.pathname === `${prefix}/_records`) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(records(url.searchParams.get('token') ?? undefined)));
        return true;
      }
      void serve(request, response, url);
      return true;
    },
    portal,
    records,
    wire,
    failNext: (fault, times = 1, matching = /./) => void faults.push({ fault, left: times, matching }),
    get faultsLeft() {
      return faults.reduce((sum, { left }) => sum + left, 0);
    },
    revoke: (token) => void revoked.add(token),
    denySchemaScope: (token) => void withoutSchema.add(token),
    setSearchDelay: (delayMs) => {
      searchDelayMs = delayMs;
    },
  };
};

export interface StartedHubSpot extends FakeHubSpot {
  /** What HUBSPOT_BASE_URL is set to. */
  readonly url: string;
  close(): Promise<void>;
}

/** A fake HubSpot on a free loopback port, for a test. */
export const startHubSpot = async (options: HubSpotOptions = {}): Promise<StartedHubSpot> => {
  const hubspot = createHubSpot(options);
  const http = createServer((request, response) => {
    if (!hubspot.handleHttp(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return Object.assign(hubspot, {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}${options.prefix ?? ''}`,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  });
};
