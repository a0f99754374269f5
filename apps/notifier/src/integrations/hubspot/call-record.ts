import type { LeadContent } from '../../domain/parcel.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** HubSpot shows a call's body as HTML. The transcript stays in the house: the summary is what the CRM needs. */
const bodyOf = (content: LeadContent): string => {
  const lines: readonly (readonly [string, string])[] = [
    ['Job', content.jobSummary],
    ['Preferred time', content.preferredDatetime],
    ['Score', `${content.score} of 100`],
    ['Why', content.reasons.join('; ')],
    ['Call', content.callId],
  ];
  const rows = lines
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `<strong>${label}:</strong> ${escape(value)}`);
  return [escape(content.summary), ...rows].filter(Boolean).join('<br>');
};

/** The properties of HubSpot's call object. */
export const callProperties = (content: LeadContent): Readonly<Record<string, string>> => {
  const { call } = content;
  const caller = content.callerName.trim() || content.phone || 'unknown caller';
  const all: Readonly<Record<string, string>> = {
    hs_timestamp: call.startedAt.toISOString(),
    hs_call_title: `Call from ${caller}`.slice(0, 200),
    hs_call_body: bodyOf(content),
    hs_call_direction: 'INBOUND',
    hs_call_status: 'COMPLETED',
    hs_call_duration: call.durationMs > 0 ? String(Math.round(call.durationMs)) : '',
    hs_call_from_number: call.fromNumber,
    hs_call_to_number: call.toNumber,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
};
