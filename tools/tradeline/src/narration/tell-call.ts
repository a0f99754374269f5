import { styleText } from 'node:util';
import { Failure } from '../failure.ts';
import type { PlatformState } from '../platform/platform-state.ts';
import { inTimeOrder } from './in-time-order.ts';
import { out } from './out.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import type { Recording } from './recording.ts';
import { playScenario, type Narration, type Scenario } from './sandbox-calls.ts';
import { tellOutcome, tellRecording } from './tell-outcome.ts';

const clock = (atMs = 0): string => `${(atMs / 1000).toFixed(1).padStart(5)} s`;

/** What the phone network calls things, for people. */
const STATUS_TEXTS: Readonly<Record<string, string>> = {
  ringing: 'the phone rings',
  'in-progress': 'the call is answered',
};
const END_TEXTS: Readonly<Record<string, string>> = {
  'hangup-verb': 'the assistant hangs up',
  'twiml-ended': 'the assistant hangs up',
  'caller-hung-up': 'the caller hangs up',
  rejected: 'the call is turned away',
  'application-error': 'the call breaks off: the phone network was given no instructions',
};
/** How a sentence is told of which no word came out. */
const NOTHING_SAID = '…';

const speaker = (who: NonNullable<Narration['who']>): string =>
  who === 'caller' ? styleText('cyan', 'caller   ') : styleText('green', 'assistant');

const tellLine = (line: Narration): void => {
  const at = styleText('dim', clock(line.atMs));
  const aside = (text: string): void => out(`  ${at}  ${styleText('dim', text)}`);
  if (line.type === 'interrupted')
    return out(`  ${at}  ${styleText('yellow', 'the caller speaks over the assistant')}`);
  if (line.type === 'asked_again') return aside(`asked again: ${line.text ?? ''}`);
  if (line.type === 'ended')
    return aside(END_TEXTS[line.reason ?? ''] ?? `the call ends${line.reason ? `: ${line.reason}` : ''}`);
  if (!line.text || line.text === NOTHING_SAID) return;
  if (line.who) out(`  ${at}  ${speaker(line.who)}  ${line.text}`);
  else aside(STATUS_TEXTS[line.text] ?? line.text);
};

/** Plays one scenario, tells it live, then tells what became of it. */
export const tellCall = async (
  state: PlatformState,
  scenario: Scenario,
  recording?: Recording,
): Promise<Outcome> => {
  out();
  out(styleText('bold', `${scenario.title}  [${scenario.name}, ${scenario.language}]`));
  let callSid: string | undefined;
  const lines = playScenario(state.sandbox.url, {
    scenario: scenario.name,
    to: state.tenant.number,
    record: recording !== undefined,
  });
  for await (const line of inTimeOrder(recording?.takeFrom(lines) ?? lines)) {
    callSid = line.callSid ?? callSid;
    tellLine(line);
  }
  if (!callSid)
    throw new Failure(
      `The call of ${scenario.name} was never placed.`,
      `The sandbox's log is in ${state.dataDir}/logs/sandbox.log.`,
    );
  const outcome = await outcomeOf(state, callSid);
  tellOutcome(outcome, state.dataDir);
  if (recording) tellRecording(recording);
  return outcome;
};

/** What differs from what the scenario expects; empty when all is as it should be. */
export const shortcomings = (scenario: Scenario, { detail, settled }: Outcome): string[] => {
  const lead = detail?.lead;
  if (!lead) return [`${scenario.name}: no lead was decided`];
  const delivered = (kind: string): boolean =>
    (detail.deliveries ?? []).some((delivery) => delivery.kind === kind && delivery.state === 'delivered');
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
