import type { RunningPlatform } from './running-platform.js';

export interface CallView {
  readonly callId: string;
  readonly callSid: string;
  readonly state: string;
  readonly reason: string;
  readonly durationMs: number;
}

export interface LeadView {
  readonly leadId: string;
  readonly state: 'qualified' | 'dismissed';
  readonly category: string;
  readonly score: number;
  readonly dismissalReason: string | null;
  readonly callerName: string;
  readonly callbackNumber: string;
  readonly email: string;
  readonly jobSummary: string;
  readonly language: string;
  readonly partial: boolean;
}

export interface DeliveryView {
  readonly deliveryId: string;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly remoteId: string | null;
}

export interface LineView {
  readonly seq: number;
  readonly speaker: 'caller' | 'assistant';
  readonly text: string;
  readonly interrupted: boolean;
}

/** A call with all that its owners know of it; a part that is not there yet is null. */
export interface CallDetail {
  readonly callId: string;
  readonly call: CallView | null;
  readonly transcript: readonly LineView[] | null;
  readonly transcriptComplete: boolean;
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
  const { items } = await platform.api<Page<CallView>>('/v1/calls?limit=100');
  const found = items.find((call) => call.callSid === callSid);
  if (!found) throw new Error(`call ${callSid} is not on record`);
  return platform.api<CallDetail>(`/v1/calls/${found.callId}`);
};

/** Mails in the sandbox's mailbox. */
export interface ReceivedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly to: readonly string[];
}

export const mailsOf = (platform: RunningPlatform): Promise<ReceivedMail[]> => platform.sandbox<ReceivedMail[]>('/mailbox/messages');
