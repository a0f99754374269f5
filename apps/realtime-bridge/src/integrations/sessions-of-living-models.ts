import type { Clock } from '../domain/clock.js';
import type { ModelRegister } from '../domain/model-register.js';
import { type ModelSession, ModelSessions, type SessionPlan } from '../domain/model-session.js';

/** Opens sessions with the default model for tenants whose own has been shut down: they lose a preference and no call. */
export class SessionsOfLivingModels extends ModelSessions {
  constructor(
    private readonly real: ModelSessions,
    private readonly register: ModelRegister,
    private readonly defaultModel: string,
    private readonly clock: Clock,
    private readonly onGone: (model: string, instead: string) => void,
  ) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    if (this.register.outlook(plan.model, this.clock.now()).kind !== 'gone') return this.real.open(plan);
    this.onGone(plan.model, this.defaultModel);
    return this.real.open({ ...plan, model: this.defaultModel });
  }
}
