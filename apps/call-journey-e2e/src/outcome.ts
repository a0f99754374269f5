import type { RunningPlatform } from './running-platform.js';

/** A call as the tenant sees it, with what became of it. */
export interface CallDetail {
  readonly id: string;
  readonly callSid: string;
  readonly state: string;
  readonly durationMs: number;
  readonly lead: LeadDetail | null;
  readonly transcript: { readonly lines: readonly { readonly speaker: string; readonly text: string; readonly interrupted: boolean }[] } | null;
  readonly timings: Readonly<Record<string, number | string | boolean | null>> | null;
}

export interface LeadDetail {
  readonly id: string;
  readonly state: 'qualified' | 'dismissed';
  readonly category: string;
  readonly score: number;
  readonly dismissalReason: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface DeliveryDetail {
  readonly id: string;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly attempts: number;
  readonly remoteId: string;
}

interface Page<T> {
  readonly items: readonly T[];
}

export const callBySid = async (platform: RunningPlatform, callSid: string): Promise<CallDetail> => {
  const { items } = await platform.api<Page<{ id: string; callSid: string }>>('/v1/calls?limit=100');
  const found = items.find((call) => call.callSid === callSid);
  if (!found) throw new Error(`call ${callSid} is not on record`);
  return platform.api<CallDetail>(`/v1/calls/${found.id}`);
};

export const deliveriesOf = async (platform: RunningPlatform, callId: string): Promise<readonly DeliveryDetail[]> =>
  (await platform.api<Page<DeliveryDetail>>(`/v1/deliveries?callId=${callId}`)).items;

/** Mails in the sandbox's mailbox. */
export interface ReceivedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly to: readonly string[];
}

export const mailsOf = (platform: RunningPlatform): Promise<ReceivedMail[]> => platform.sandbox<ReceivedMail[]>('/mailbox/messages');
