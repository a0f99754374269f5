import {
  type AdapterName,
  type ModelSession,
  ModelSessions,
  type SessionPlan,
} from '../domain/model-session.js';

/** Opens each tenant's sessions by the adapter it has chosen. */
export class SessionsByAdapter extends ModelSessions {
  /** @param onMissing an adapter that this installation has no access to was chosen */
  constructor(
    private readonly usual: ModelSessions,
    private readonly others: Readonly<Partial<Record<AdapterName, ModelSessions>>>,
    private readonly onMissing: (adapter: AdapterName) => void,
  ) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    if (plan.adapter === 'openai-realtime') return this.usual.open(plan);
    const chosen = this.others[plan.adapter];
    // Another voice than the one that was chosen is better than no voice.
    if (!chosen) this.onMissing(plan.adapter);
    return (chosen ?? this.usual).open(plan);
  }
}
