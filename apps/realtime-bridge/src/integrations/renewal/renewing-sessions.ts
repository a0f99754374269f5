import type { Clock } from '../../domain/clock.js';
import { type ModelSession, ModelSessions, type SessionPlan } from '../../domain/model-session.js';
import { type RenewalHooks, RenewedSession } from './renewed-session.js';

/** Opens sessions that outlive the time limit and the loss of the real ones. */
export class RenewingSessions extends ModelSessions {
  constructor(
    private readonly real: ModelSessions,
    private readonly clock: Clock,
    private readonly hooks: RenewalHooks,
  ) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    return new RenewedSession(() => this.real.open(plan), this.clock, this.hooks);
  }
}
