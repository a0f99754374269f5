import type { Clock } from '../../domain/clock.js';
import type { ModelEvent } from '../../domain/model-session.js';
import type { ResponseWish } from '../../domain/response-sequencer.js';

/** A model that fails this often in a row is down. */
const MAX_FAILURES_IN_A_ROW = 3;
/** When it does not say itself when it may be asked again. */
const RETRY_LIMITED_MS = [2_000, 4_000] as const;
/** No caller waits longer for an answer. */
const LONGEST_WAIT_MS = 10_000;

type Failure = Pick<ModelEvent & { type: 'response-ended' }, 'errorCode' | 'severity' | 'retryAfterMs'>;

export interface ModelTroubleHooks {
  /** The caller is told, once, that it takes a moment longer. */
  bearWithUs(): void;
  askAgain(wish: ResponseWish): void;
}

/** What follows when a response has failed: it is asked for again at once, or when the model's limits allow, or the call is given up. */
export class ModelTrouble {
  private failuresInARow = 0;
  private isTold = false;
  private awaited: ResponseWish | undefined;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly hooks: ModelTroubleHooks,
  ) {}

  /** A response has come about. */
  recovered(): void {
    this.failuresInARow = 0;
    this.isTold = false;
  }

  failed({ errorCode, severity, retryAfterMs }: Failure, wish: ResponseWish): 'again' | 'later' | 'given-up' {
    this.failuresInARow += 1;
    if (severity === 'fatal' || this.failuresInARow >= MAX_FAILURES_IN_A_ROW) return 'given-up';
    if (errorCode !== 'rate_limit_exceeded') return 'again';
    const waitMs = retryAfterMs ?? RETRY_LIMITED_MS[this.failuresInARow - 1] ?? LONGEST_WAIT_MS;
    if (waitMs > LONGEST_WAIT_MS) return 'given-up';
    if (!this.isTold) this.hooks.bearWithUs();
    this.isTold = true;
    this.askAfter(waitMs, wish);
    return 'later';
  }

  /** The caller speaks, and will be answered anew; a greeting is owed to him even so. */
  callerSpeaks(): void {
    if (this.awaited?.purpose !== 'greeting') this.stop();
  }

  stop(): void {
    this.awaited = undefined;
    this.cancelTimer();
  }

  /** Something is to be asked for again that the caller waits for. */
  get isWaiting(): boolean {
    return this.awaited !== undefined;
  }

  private askAfter(waitMs: number, wish: ResponseWish): void {
    this.cancelTimer();
    this.awaited = wish;
    this.cancelTimer = this.clock.after(waitMs, () => {
      this.awaited = undefined;
      this.hooks.askAgain(wish);
    });
  }
}
