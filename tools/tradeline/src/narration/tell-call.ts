import { styleText } from 'node:util';
import { Failure } from '../failure.ts';
import type { PlatformState } from '../platform/platform-state.ts';
import { outcomeOf, type DeliveryView, type LeadView, type Outcome, type TimingsView } from './outcome.ts';
import { playScenario, type Narration, type Scenario } from './sandbox-calls.ts';

const out = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

const clock = (atMs = 0): string => `${(atMs / 1000).toFixed(1).padStart(5)} s`;

const tellLine = (line: Narration): void => {
  const at = styleText('dim', clock(line.atMs));
  if (line.who && line.text) out(`  ${at}  ${(line.who === 'caller' ? styleText('cyan', 'caller   ') : styleText('green', 'assistant'))}  ${line.text}`);
  else if (line.type === 'interrupted') out(`  ${at}  ${styleText('yellow', 'the caller speaks over the assistant')}`);
  else if (line.text) out(`  ${at}  ${styleText('dim', line.text)}`);
};

const FIELD_LABELS: Readonly<Record<string, string>> = {
  caller_name: 'name',
  callback_number: 'number',
  email: 'mail',
  job_summary: 'job',
  preferred_datetime: 'time',
};

const tellLead = (lead: LeadView): void => {
  if (lead.state === 'dismissed') return out(`  Lead       dismissed: ${lead.dismissalReason.replaceAll('_', ' ')}`);
  out(`  Lead       qualified, ${lead.category.replaceAll('_', ' ')}, score ${lead.score} (${lead.reasons.join('; ')})`);
  const given = Object.entries(lead.fields).filter(([, value]) => value);
  for (const [name, value] of given) out(`             ${(FIELD_LABELS[name] ?? name).padEnd(7)} ${value}`);
};

const KIND_LABELS: Readonly<Record<string, string>> = { 'transcript-mail': 'Mail', 'crm-sync': 'CRM' };

const tellDelivery = (delivery: DeliveryView): void => {
  const label = (KIND_LABELS[delivery.kind] ?? delivery.kind).padEnd(10);
  const trouble = delivery.lastError ? `: ${delivery.lastError}` : '';
  out(`  ${label} ${delivery.state} to ${delivery.target}${delivery.remoteId ? ` (${delivery.remoteId})` : ''}${trouble}`);
};

const tellTimings = (timings: TimingsView): void =>
  out(
    `  Timings    handshake ${timings.handshakeMs} ms, greeting ${timings.greetingMs} ms after the stream's start, ` +
      `first byte ${timings.firstByteLatencyMs} ms, ${timings.messagesIn} messages in, ${timings.messagesOut} out, ` +
      `${timings.bargeIns} barge-ins, ${timings.silenceNudges} nudges`,
  );

const tellOutcome = ({ detail }: Outcome): void => {
  if (!detail) return out('  The call is not on record yet; look with ./tradeline trace.');
  const { lead, deliveries, timings, id } = detail;
  if (lead) tellLead(lead);
  deliveries?.forEach(tellDelivery);
  if (!deliveries?.length) out('  CRM        nothing was sent');
  if (timings) tellTimings(timings);
  out(`  Trace      ./tradeline trace ${id}`);
};

/** Plays one scenario, tells it live, then tells what became of it. */
export const tellCall = async (state: PlatformState, scenario: Scenario): Promise<Outcome> => {
  out();
  out(styleText('bold', `${scenario.title}  [${scenario.name}, ${scenario.language}]`));
  let callSid: string | undefined;
  for await (const line of playScenario(state.sandbox.url, scenario.name, state.tenant.number)) {
    callSid = line.callSid ?? callSid;
    tellLine(line);
  }
  if (!callSid) throw new Failure(`The call of ${scenario.name} was never placed.`, `The sandbox's log is in ${state.dataDir}/logs/sandbox.log.`);
  const outcome = await outcomeOf(state, callSid);
  tellOutcome(outcome);
  return outcome;
};

/** What differs from what the scenario expects; empty when all is as it should be. */
export const shortcomings = (scenario: Scenario, { detail, settled }: Outcome): string[] => {
  const lead = detail?.lead;
  if (!lead) return [`${scenario.name}: no lead was decided`];
  const delivered = (kind: string): boolean => (detail.deliveries ?? []).some((delivery) => delivery.kind === kind && delivery.state === 'delivered');
  const expected = scenario.expected?.outcome ?? lead.state;
  const wrong = [
    [!settled, 'something was still under way'],
    [lead.state !== expected, `${lead.state} instead of ${expected}`],
    [lead.state === 'qualified' && !delivered('transcript-mail'), 'no mail was delivered'],
    [lead.state === 'qualified' && !delivered('crm-sync'), 'no CRM record was made'],
    [lead.state === 'dismissed' && delivered('crm-sync'), 'a dismissed call reached the CRM'],
    [!detail.timings, 'no latency figures'],
  ] as const;
  return wrong.flatMap(([isWrong, what]) => (isWrong ? [`${scenario.name}: ${what}`] : []));
};
