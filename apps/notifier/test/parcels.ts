import { createHash } from 'node:crypto';
import type { ContactLinks, Parcel } from '../src/domain/courier.js';
import type { Delivery, Target } from '../src/domain/delivery.js';
import type { LeadContent } from '../src/domain/parcel.js';

export const aLead = (over: Partial<LeadContent> = {}): LeadContent => ({
  leadId: 'ld_1',
  callId: 'ca_1',
  qualified: true,
  callerName: 'Marie Roy',
  phone: '+16135550142',
  email: '',
  jobSummary: 'burst pipe',
  preferredDatetime: 'tomorrow at nine',
  summary: 'A pipe burst.',
  score: 80,
  reasons: ['left a call-back number'],
  reasonWords: [],
  dismissalReason: '',
  language: 'en',
  partial: false,
  transcript: [{ speaker: 'caller', text: 'My pipe burst.', language: 'en', interrupted: false }],
  call: {
    startedAt: new Date('2026-11-22T17:05:00Z'),
    durationMs: 83_000,
    fromNumber: '+16135550142',
    toNumber: '+16135550100',
  },
  ...over,
});

export const aDelivery = (target: Target, over: Partial<Delivery> = {}): Delivery => ({
  tenantId: 'tn_one',
  deliveryId: 'dl_1',
  target,
  kind: target === 'smtp' ? 'transcript-mail' : 'crm-sync',
  subjectId: 'ld_1',
  callId: 'ca_1',
  state: 'owed',
  attempts: 1,
  owedAt: new Date('2026-11-22T17:07:00Z'),
  nextAttemptAt: new Date('2026-11-22T17:07:00Z'),
  traceparent: undefined,
  lastError: '',
  remoteId: '',
  detail: '',
  reasons: [],
  createdAt: new Date('2026-11-22T17:07:00Z'),
  updatedAt: new Date('2026-11-22T17:07:00Z'),
  ...over,
});

/** Links that forget with the test. */
export const linksInMemory = (): ContactLinks & { readonly held: Map<string, string> } => {
  const held = new Map<string, string>();
  return {
    held,
    find: (identity) => Promise.resolve(held.get(identity)),
    keep: (identity, remoteId) => Promise.resolve(void held.set(identity, remoteId)),
    drop: (identity) => Promise.resolve(void held.delete(identity)),
    pseudonym: (identity) => Promise.resolve(createHash('sha256').update(identity).digest('hex')),
  };
};

export const aParcel = (over: Partial<Parcel> & Pick<Parcel, 'delivery'>): Parcel => ({
  content: aLead(),
  settings: undefined,
  connection: undefined,
  links: linksInMemory(),
  ...over,
});
