interface Kept {
  readonly twiml: Promise<string>;
  untilMs: number;
}

/**
 * Answers given a moment ago. Twilio asks again when an answer is slow to arrive, and the same call must not take a
 * second place on a bridge: it gets the same answer, also while the first is still being made.
 */
export class RecentAnswers {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly nowMs: () => number = Date.now) {}

  of(callId: string): Promise<string> | undefined {
    const kept = this.kept.get(callId);
    return kept && kept.untilMs > this.nowMs() ? kept.twiml : undefined;
  }

  /** Keeps what `decide` answers for as long as it says; an answer that fails is not kept. */
  keep(callId: string, decide: () => Promise<{ twiml: string; validForMs: number }>): Promise<string> {
    this.dropExpired();
    const decided = decide();
    const kept: Kept = { twiml: decided.then(({ twiml }) => twiml), untilMs: Number.POSITIVE_INFINITY };
    this.kept.set(callId, kept);
    decided.then(
      ({ validForMs }) => (kept.untilMs = this.nowMs() + validForMs),
      () => this.kept.delete(callId),
    );
    return kept.twiml;
  }

  private dropExpired(): void {
    const nowMs = this.nowMs();
    for (const [callId, { untilMs }] of this.kept) if (untilMs <= nowMs) this.kept.delete(callId);
  }
}
