import { Argument, Command } from 'commander';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { callsOf, traceOf } from '../trace/find-trace.ts';
import { isDatabase } from '../trace/label.ts';
import { readSpans, type SpanRecord } from '../trace/read-spans.ts';
import { drawWaterfall } from '../trace/waterfall.ts';
import { dataDirOption } from './options.ts';

/** Where nobody says how wide the page is. */
const COLUMNS = 140;

const columns = (): number => process.stdout.columns ?? (Number(process.env.COLUMNS) || COLUMNS);

const findTrace = async (directory: string, call: string | undefined): Promise<string> => {
  const traceId = traceOf(await readSpans(directory, (span) => callsOf(span).length > 0), call);
  if (traceId) return traceId;
  throw new Failure(
    call
      ? `No span of call ${call} is kept in ${directory}.`
      : `No call has left a span in ${directory} yet.`,
    'Call ids are listed by GET /v1/calls; the newest call is shown when none is named.',
  );
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const headline = (traceId: string, spans: readonly SpanRecord[], shown: readonly SpanRecord[]): string => {
  const hidden = spans.length - shown.length;
  const call = spans.flatMap(callsOf)[0];
  return [
    `Trace ${traceId}${call ? ` of call ${call}` : ''}`,
    `${counted(shown.length, 'span')}${hidden ? `, and ${hidden} of databases (--sql shows them)` : ''}.  ✗ failed   … put off, came again`,
  ].join('\n');
};

const trace = async (
  call: string | undefined,
  flags: { dataDir: string; json?: boolean; sql?: boolean },
): Promise<void> => {
  const directory = join(flags.dataDir, 'traces');
  const traceId = await findTrace(directory, call);
  const spans = await readSpans(directory, (span) => span.traceId === traceId);
  if (flags.json) return void process.stdout.write(`${JSON.stringify(spans)}\n`);
  const shown = flags.sql ? spans : spans.filter((span) => !isDatabase(span));
  process.stdout.write(`${headline(traceId, spans, shown)}\n\n`);
  for (const line of drawWaterfall(shown, columns())) process.stdout.write(`${line}\n`);
};

export const traceCommand = (): Command =>
  new Command('trace')
    .description("draw a call's trace as a waterfall, from webhook to CRM answer")
    .addArgument(new Argument('[call]', 'call id (ca_…) or CallSid; the newest call when left out'))
    .option('--sql', 'show the database spans too')
    .option('--json', 'print the spans as JSON')
    .addOption(dataDirOption())
    .action(trace);
