import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const TRADELINE = fileURLToPath(new URL('../../../tradeline', import.meta.url));

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

/** The spans of a call, as `./tradeline trace --json` prints them. */
export const traceOf = async (dataDir: string, callId: string): Promise<Span[]> => {
  const { stdout } = await promisify(execFile)(
    TRADELINE,
    ['trace', callId, '--json', '--data-dir', dataDir],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Span[];
};
