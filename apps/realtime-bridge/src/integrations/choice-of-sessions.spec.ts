import { describe, expect, it } from '@jest/globals';
import { ModelRegister } from '../domain/model-register.js';
import { type ModelSession, ModelSessions, type SessionPlan } from '../domain/model-session.js';
import { SystemClock } from '../media/system-clock.js';
import { SessionsByAdapter } from './sessions-by-adapter.js';
import { SessionsOfLivingModels } from './sessions-of-living-models.js';

/** Opens nothing, and tells by whom and with which model it would have been opened. */
class Named extends ModelSessions {
  constructor(private readonly name: string) {
    super();
  }

  open({ model }: SessionPlan): ModelSession {
    return { by: this.name, model } as unknown as ModelSession;
  }
}

const PLAN = { adapter: 'openai-text-elevenlabs', model: 'chosen' } as SessionPlan;

describe('the adapter that a tenant has chosen', () => {
  const opened = (others: ConstructorParameters<typeof SessionsByAdapter>[1], missing: string[]) =>
    new SessionsByAdapter(new Named('usual'), others, (adapter) => missing.push(adapter));

  it('is taken', () => {
    const missing: string[] = [];
    const sessions = opened({ 'openai-text-elevenlabs': new Named('other') }, missing);
    expect(sessions.open(PLAN)).toMatchObject({ by: 'other' });
    expect(sessions.open({ ...PLAN, adapter: 'openai-realtime' })).toMatchObject({ by: 'usual' });
    expect(missing).toEqual([]);
  });

  it('is told of and replaced where there is no access to it', () => {
    const missing: string[] = [];
    expect(opened({}, missing).open(PLAN)).toMatchObject({ by: 'usual', model: 'chosen' });
    expect(missing).toEqual(['openai-text-elevenlabs']);
  });
});

describe('the model that a tenant has chosen', () => {
  const opened = (shutsDown: string, gone: string[]) =>
    new SessionsOfLivingModels(
      new Named('real'),
      new ModelRegister([{ name: 'chosen', shutsDown }]),
      'default',
      new SystemClock(),
      (model, instead) => gone.push(`${model} -> ${instead}`),
    ).open(PLAN);

  it('is taken while it lives, and replaced when it is gone', () => {
    const gone: string[] = [];
    expect(opened('9999-01-01', gone)).toMatchObject({ model: 'chosen' });
    expect(gone).toEqual([]);
    expect(opened('2020-01-01', gone)).toMatchObject({ model: 'default' });
    expect(gone).toEqual(['chosen -> default']);
  });
});
