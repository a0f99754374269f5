import { sameDataDir } from '../paths.ts';
import { out } from './out.ts';
import type { DeliveryView, LeadView, Outcome, TimingsView } from './outcome.ts';
import type { Recording } from './recording.ts';

const WIDTH = 110;
const LABEL_WIDTH = 13;

const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** Breaks between words; a word that is too long stands alone. */
const wrap = (text: string, width: number): string[] =>
  text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);

const fact = (label: string, text: string): void =>
  wrap(text, WIDTH - LABEL_WIDTH).forEach((line, index) =>
    out(`  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH - 2)}${line}`),
  );

const FIELD_LABELS: Readonly<Record<string, string>> = {
  caller_name: 'name',
  callback_number: 'number',
  email: 'mail',
  job_summary: 'job',
  preferred_datetime: 'time',
};

const DISMISSALS: Readonly<Record<string, string>> = {
  silent_caller: 'the caller never spoke',
  spam: 'a recording or an unsolicited offer',
  no_intent: 'nothing was asked and nothing was left',
  never_connected: 'the conversation never began',
};

const tellLead = (lead: LeadView): void => {
  if (lead.state === 'dismissed')
    return fact('Lead', `dismissed: ${DISMISSALS[lead.dismissalReason] ?? lead.dismissalReason}`);
  fact(
    'Lead',
    `qualified (${lead.category.replaceAll('_', ' ')}), score ${lead.score}: ${lead.reasons.join(', ')}`,
  );
  for (const [name, value] of Object.entries(lead.fields))
    if (value) fact('', `${(FIELD_LABELS[name] ?? name).padEnd(6)} ${value}`);
};

const KINDS: Readonly<Record<string, { readonly label: string; readonly order: number }>> = {
  'transcript-mail': { label: 'Mail', order: 0 },
  'dismissed-call-mail': { label: 'Mail', order: 0 },
  'crm-sync': { label: 'CRM', order: 1 },
};
const TARGETS: Readonly<Record<string, string>> = {
  smtp: 'by SMTP',
  hubspot: 'to HubSpot',
  webhook: 'to the webhook',
};

const order = ({ kind }: DeliveryView): number => KINDS[kind]?.order ?? 9;

const tellDelivery = ({ kind, state, target, detail, lastError }: DeliveryView): void => {
  const where = TARGETS[target] ?? `to ${target}`;
  fact(
    KINDS[kind]?.label ?? kind,
    `${state} ${where}${detail ? `, ${detail}` : ''}${lastError ? `: ${lastError}` : ''}`,
  );
};

const tellTimings = (timings: TimingsView): void => {
  // Nobody was answered where nobody spoke.
  const firstByte =
    timings.firstByteLatencyMs > 0 ? [`first byte of an answer after ${timings.firstByteLatencyMs} ms`] : [];
  fact(
    'Timings',
    [`handshake ${timings.handshakeMs} ms`, `greeting after ${timings.greetingMs} ms`, ...firstByte].join(
      ', ',
    ),
  );
  const counts = [
    `${counted(timings.messagesIn, 'message')} in`,
    `${timings.messagesOut.toLocaleString('en')} out`,
    counted(timings.bargeIns, 'barge-in'),
    counted(timings.silenceNudges, 'nudge'),
  ];
  fact('', counts.join(', '));
};

/** Tells what became of a call: lead, deliveries, timings, and where its trace is. */
export const tellOutcome = ({ detail }: Outcome, dataDir: string): void => {
  if (!detail) return fact('', 'The call is not on record yet; look with ./tradeline trace.');
  const { lead, deliveries, timings, id } = detail;
  if (lead) tellLead(lead);
  if (deliveries?.length) [...deliveries].sort((a, b) => order(a) - order(b)).forEach(tellDelivery);
  else fact('Sent', 'nothing');
  if (timings) tellTimings(timings);
  out(`  ${'Trace'.padEnd(LABEL_WIDTH - 2)}./tradeline trace ${id}${sameDataDir(dataDir)}`);
};

/** A path is not wrapped: it is there to be copied. */
export const tellRecording = ({ path, lengthMs }: Recording): void =>
  out(`  ${'Recording'.padEnd(LABEL_WIDTH - 2)}${path}, ${(lengthMs / 1_000).toFixed(1)} s`);
