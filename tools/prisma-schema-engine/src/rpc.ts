import readline from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { lastPanic } from './wasm-engine.ts';

interface Request {
  readonly id?: number;
  /** Absent in the CLI's receipts for our own `print` calls. */
  readonly method?: string;
  readonly params?: unknown;
}

/** Writes one JSON-RPC message per line. */
export const sender = (output: Writable) => (message: object) =>
  void output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

/** Answers JSON-RPC requests, one per line, one after another; resolves when the input ends and all are answered. */
export async function serve(
  input: Readable,
  send: (message: object) => void,
  answer: (method: string, params: unknown) => Promise<unknown>,
): Promise<void> {
  for await (const line of readline.createInterface({ input, crlfDelay: Infinity })) {
    if (!line.trim()) continue;
    const { id, method, params } = JSON.parse(line) as Request;
    if (method === undefined) continue;
    try {
      send({ id, result: (await answer(method, params)) ?? {} });
    } catch (error) {
      send({ id, error: asRpcError(error) });
    }
  }
}

/** As the native engine words it: the CLI reads `data` and ignores the message above. */
function asRpcError(error: unknown): object {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  const panicked = name === 'RuntimeError';
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: {
      is_panic: panicked,
      message: (panicked && lastPanic()) || message || String(error),
      meta: null,
      error_code: code ?? null,
    },
  };
}
