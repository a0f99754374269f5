import { setTimeout as wait } from 'node:timers/promises';
import type { PlatformState } from '../platform/platform-state.ts';
import { TenantApi } from '../platform/tenant-api.ts';

const SETTLED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

export interface LeadView {
  readonly state: 'qualified' | 'dismissed';
  readonly category: string;
  readonly score: number;
  readonly reasons: readonly string[];
  readonly dismissalReason: string;
  /** By the names that the conversation uses, e.g. "caller_name"; empty when not given. */
  readonly fields: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface TimingsView {
  readonly handshakeMs: number;
  readonly greetingMs: number;
  readonly firstByteLatencyMs: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly silenceNudges: number;
  readonly bargeIns: number;
}

export interface DeliveryView {
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastError: string;
  readonly remoteId: string;
  readonly detail: string;
}

/** A call with all that its owners know of it; a part that is not there yet is null. */
export interface CallDetail {
  readonly id: string;
  readonly callSid: string | null;
  readonly state: string | null;
  readonly lead: LeadView | null;
  readonly timings: TimingsView | null;
  readonly deliveries: readonly DeliveryView[] | null;
}

export interface Outcome {
  readonly detail: CallDetail | undefined;
  /** False when something was still under way when we stopped looking. */
  readonly settled: boolean;
}

/** What became of a call, as the tenant sees it; waits (with a bound) until lead, deliveries and timings are there. */
export const outcomeOf = async (state: PlatformState, callSid: string): Promise<Outcome> => {
  const api = new TenantApi(state.publicUrl, state.tenant.apiKey);
  const untilMs = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const outcome = await look(api, callSid);
    if (outcome.settled || performance.now() > untilMs) return outcome;
    await wait(LOOK_EVERY_MS);
  }
};

const look = async (api: TenantApi, callSid: string): Promise<Outcome> => {
  const { items } = await api.get<{ items: readonly { id: string; callSid: string }[] }>(
    '/v1/calls?limit=50',
  );
  const found = items.find((call) => call.callSid === callSid);
  if (!found) return { detail: undefined, settled: false };
  const detail = await api.get<CallDetail>(`/v1/calls/${found.id}`);
  return { detail, settled: isSettled(detail) };
};

const isSettled = ({ state, lead, timings, deliveries }: CallDetail): boolean => {
  if (!lead || !timings || !deliveries || !state || state === 'in_progress') return false;
  const least = lead.state === 'dismissed' ? 0 : 2;
  return deliveries.length >= least && deliveries.every(({ state }) => state !== 'owed');
};
