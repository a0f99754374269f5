import { setTimeout as wait } from 'node:timers/promises';
import type { PlatformState } from '../platform/platform-state.ts';
import { TenantApi } from '../platform/tenant-api.ts';

const SETTLED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

export interface CallDetail {
  readonly id: string;
  readonly callSid: string;
  readonly state: string;
  readonly durationMs: number;
  readonly lead: LeadView | null;
  readonly timings: TimingsView | null;
}

export interface LeadView {
  readonly id: string;
  readonly state: 'qualified' | 'dismissed';
  readonly category: string;
  readonly score: number;
  readonly reasons: readonly string[];
  readonly summary: string;
  readonly dismissalReason: string;
  readonly extractedBy: string;
  readonly fields: Readonly<Record<string, string>>;
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
  readonly id: string;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastError: string;
  readonly remoteId: string;
}

export interface Outcome {
  readonly call: CallDetail | undefined;
  readonly deliveries: readonly DeliveryView[];
  /** False when something was still under way when we stopped looking. */
  readonly settled: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
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
  const calls = await api.get<Page<CallDetail>>('/v1/calls?limit=50');
  const found = calls.items.find((call) => call.callSid === callSid);
  if (!found) return { call: undefined, deliveries: [], settled: false };
  const call = await api.get<CallDetail>(`/v1/calls/${found.id}`);
  const deliveries = (await api.get<Page<DeliveryView>>(`/v1/deliveries?callId=${found.id}`)).items;
  return { call, deliveries, settled: isSettled(call, deliveries) };
};

const isSettled = (call: CallDetail, deliveries: readonly DeliveryView[]): boolean => {
  if (!call.lead || !call.timings || call.state === 'in_progress') return false;
  if (call.lead.state === 'dismissed') return true;
  return deliveries.length >= 2 && deliveries.every(({ state }) => state !== 'owed');
};
