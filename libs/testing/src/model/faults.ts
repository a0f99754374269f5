export const FAULT_NAMES = [
  /** The connection is cut before any answer. */
  'connect-refused',
  /** The socket's request is never answered. */
  'connect-hangs',
  /** The socket's request is answered 401. */
  'connect-unauthorized',
  /** The socket's request is answered 429. */
  'connect-rate-limited',
  /** The response ends as failed with `rate_limit_exceeded` before a word. */
  'response-rate-limited',
  /** The response ends as failed with a server error before a word. */
  'response-failed',
  /** The response is created and nothing follows. */
  'response-hangs',
  /** The response starts ten times later. */
  'response-slow',
  /** The socket is cut after the first audio of a response. */
  'response-closes',
  /** The caller's turn gets no transcript but `transcription.failed`. */
  'transcription-failed',
  /** POST /v1/responses is answered 429 with `retry-after`. */
  'responses-rate-limited',
  /** POST /v1/responses is answered 500. */
  'responses-failed',
  /** POST /v1/responses is never answered. */
  'responses-hangs',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export interface Fault {
  readonly name: FaultName;
  /** How often it happens before it is over; for ever when absent. */
  readonly times?: number;
}

/** The faults in force; each happening uses one up. */
export class Faults {
  private readonly left = new Map<FaultName, number>();

  constructor(initial: readonly Fault[] = []) {
    this.replace(initial);
  }

  replace(faults: readonly Fault[]): void {
    this.left.clear();
    for (const fault of faults) this.add(fault);
  }

  add({ name, times = Number.POSITIVE_INFINITY }: Fault): void {
    this.left.set(name, times);
  }

  take(name: FaultName): boolean {
    const left = this.left.get(name) ?? 0;
    if (left <= 0) return false;
    this.left.set(name, left - 1);
    return true;
  }

  list(): Fault[] {
    return [...this.left]
      .filter(([, times]) => times > 0)
      .map(([name, times]) => (Number.isFinite(times) ? { name, times } : { name }));
  }
}
