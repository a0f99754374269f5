import type { RunningPlatform } from './running-platform.js';

export interface LeadView {
  readonly id: string;
  readonly state: 'qualified' | 'dismissed';
  readonly category: string;
  readonly score: number;
  readonly dismissalReason: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly language: string;
  readonly partial: boolean;
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

export interface LineView {
  readonly seq: number;
  readonly speaker: 'caller' | 'assistant';
  readonly text: string;
  readonly interrupted: boolean;
}

/** A call with all that its owners know of it; a part that is not there yet is null. */
export interface CallDetail {
  readonly id: string;
  readonly callSid: string | null;
  readonly state: string | null;
  readonly reason: string | null;
  readonly transcript: { readonly lines: readonly LineView[]; readonly complete: boolean } | null;
  readonly lead: LeadView | null;
  readonly timings: Readonly<Record<string, number | string | boolean | null>> | null;
  readonly deliveries: readonly DeliveryView[] | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** @throws while the call is not on record */
export const callBySid = async (platform: RunningPlatform, callSid: string): Promise<CallDetail> => {
  const { items } = await platform.api<Page<{ id: string; callSid: string }>>('/v1/calls?limit=100');
  const found = items.find((call) => call.callSid === callSid);
  if (!found) throw new Error(`call ${callSid} is not on record`);
  return platform.api<CallDetail>(`/v1/calls/${found.id}`);
};

export const whatCallerSaid = ({ transcript }: CallDetail): string[] =>
  (transcript?.lines ?? []).filter(({ speaker }) => speaker === 'caller').map(({ text }) => text);

/** Mails in the sandbox's mailbox. */
export interface ReceivedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly to: readonly string[];
}

export const mailsOf = (platform: RunningPlatform): Promise<ReceivedMail[]> =>
  platform.sandbox<ReceivedMail[]>('/mailbox/messages');
