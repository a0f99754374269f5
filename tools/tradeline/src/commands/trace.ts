import { Argument, Command } from 'commander';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { readSpans, type SpanRecord } from '../trace/read-spans.ts';
import { drawWaterfall } from '../trace/waterfall.ts';
import { dataDirOption } from './options.ts';

const CALL_KEYS = ['call.id', 'call.sid'];

const callOf = (span: SpanRecord): string[] => CALL_KEYS.map((key) => span.attributes[key]).filter((value) => typeof value === 'string');

/** The trace of a call by its id or CallSid; of the newest call when none is named. */
const traceIdOf = async (directory: string, call: string | undefined): Promise<string> => {
  const candidates = await readSpans(directory, (span) => (call ? callOf(span).includes(call) : callOf(span).length > 0));
  const newest = candidates.sort((a, b) => b.startMs - a.startMs)[0];
  if (!newest) {
    throw new Failure(
      call ? `No span of call ${call} is kept in ${directory}.` : `No call has left a span in ${directory} yet.`,
      'Call ids are listed by GET /v1/calls; the newest call is shown when none is named.',
    );
  }
  return newest.traceId;
};

const trace = async (call: string | undefined, flags: { dataDir: string; json?: boolean; sql?: boolean }): Promise<void> => {
  const directory = join(flags.dataDir, 'traces');
  const traceId = await traceIdOf(directory, call);
  const spans = await readSpans(directory, (span) => span.traceId === traceId);
  const shown = flags.sql ? spans : spans.filter((span) => !span.name.startsWith('pg'));
  if (flags.json) return void process.stdout.write(`${JSON.stringify(spans)}\n`);
  process.stdout.write(`Trace ${traceId}: ${spans.length} spans, ${shown.length} shown\n\n`);
  for (const line of drawWaterfall(shown, process.stdout.columns ?? 140)) process.stdout.write(`${line}\n`);
};

export const traceCommand = (): Command =>
  new Command('trace')
    .description("draw a call's trace as a waterfall, from webhook to CRM answer")
    .addArgument(new Argument('[call]', 'call id (ca_…) or CallSid; the newest call when left out'))
    .option('--sql', 'show the database spans too')
    .option('--json', 'print the spans as JSON')
    .addOption(dataDirOption())
    .action(trace);
