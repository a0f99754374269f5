import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One span, as the services write it: one JSON object a line. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly service: string;
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly status?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

/** All spans in a directory for which `keep` holds; a line that was cut off by a crash is passed over. */
export const readSpans = async (
  directory: string,
  keep: (span: SpanRecord) => boolean,
): Promise<SpanRecord[]> => {
  if (!existsSync(directory)) return [];
  const spans: SpanRecord[] = [];
  for (const name of readdirSync(directory)) {
    for await (const line of linesOf(join(directory, name))) {
      const span = parse(line);
      if (span && keep(span)) spans.push(span);
    }
  }
  return spans;
};

const parse = (line: string): SpanRecord | undefined => {
  try {
    return JSON.parse(line) as SpanRecord;
  } catch {
    return undefined;
  }
};
