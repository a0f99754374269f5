import { callBySid, mailsOf, type CallDetail } from './outcome.js';
import type { RunningPlatform } from './running-platform.js';

interface CrmRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

export interface CrmRecords {
  readonly contacts: readonly CrmRecord[];
  readonly calls: readonly CrmRecord[];
  readonly associations: readonly { readonly fromId: string; readonly toId: string }[];
  /** All requests that ever arrived. */
  readonly requests: number;
}

export const crmOf = (platform: RunningPlatform): Promise<CrmRecords> =>
  platform.sandbox<CrmRecords>('/hubspot/_records');

/** What a call has left behind, inside and at the outside parties. */
export interface Aftermath {
  readonly state: string | null;
  readonly lead: string | undefined;
  readonly name: string | undefined;
  readonly number: string | undefined;
  /** Whether `voice_stream_logs` has its row. */
  readonly isLogged: boolean;
  readonly deliveries: readonly string[];
  /** Call records in the CRM that carry this call's id. */
  readonly crmCalls: number;
  /** Contacts with the caller's number. */
  readonly crmContacts: number;
  /** Contacts that the call record is filed under. */
  readonly crmLinks: number;
  readonly isMailed: boolean;
  /** Different Message-IDs among the mails about this caller. */
  readonly messageIds: number;
}

/** What a call leaves that went well, however often it had to be tried. */
export const allWell = (number: string): Aftermath => ({
  state: 'completed',
  lead: 'qualified',
  name: 'Marie Tremblay',
  number,
  isLogged: true,
  deliveries: ['crm-sync delivered', 'transcript-mail delivered'],
  crmCalls: 1,
  crmContacts: 1,
  crmLinks: 1,
  isMailed: true,
  messageIds: 1,
});

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');

/** @param number the caller's, E.164; nobody else may have called from it. @throws while the call is not on record */
export const aftermathOf = async (
  platform: RunningPlatform,
  callSid: string,
  number: string,
): Promise<Aftermath> => {
  const [call, crm, mails] = await Promise.all([
    callBySid(platform, callSid),
    crmOf(platform),
    mailsOf(platform),
  ]);
  const records = crm.calls.filter(({ properties }) => properties.tradeline_call_id === call.id);
  const mailed = mails.filter(({ text }) => digitsOf(text).includes(number.slice(2)));
  return {
    ...insideOf(call),
    crmCalls: records.length,
    crmContacts: crm.contacts.filter(({ properties }) => properties.phone === number).length,
    crmLinks: crm.associations.filter(({ fromId }) => records.some(({ id }) => id === fromId)).length,
    isMailed: mailed.length > 0,
    messageIds: new Set(mailed.map(({ messageId }) => messageId)).size,
  };
};

const insideOf = ({
  state,
  lead,
  timings,
  deliveries,
}: CallDetail): Pick<Aftermath, 'state' | 'lead' | 'name' | 'number' | 'isLogged' | 'deliveries'> => ({
  state,
  lead: lead?.state,
  name: lead?.fields.caller_name,
  number: lead?.fields.callback_number,
  isLogged: timings !== null,
  deliveries: (deliveries ?? []).map(({ kind, state: now }) => `${kind} ${now}`).sort(),
});
