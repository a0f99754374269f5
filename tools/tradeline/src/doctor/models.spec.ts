import { describe, expect, it } from '@jest/globals';
import { examineModels } from './models.ts';

const levels = (env: NodeJS.ProcessEnv, day: string): string[] =>
  examineModels(env, new Date(day)).map(({ level, what }) => `${level} ${what}`);

describe('the models that calls are answered with', () => {
  it('stay, as they come', () => {
    expect(levels({}, '2026-11-22')).toEqual([
      'ok The model gpt-realtime-2.1 stays',
      'ok The model gpt-live-transcribe stays',
    ]);
  });

  it('are warned of a month before they go, and refused when they are gone', () => {
    const env = {
      OPENAI_REALTIME_MODEL: 'gpt-realtime',
      ELEVENLABS_API_KEY: 'a-secret',
      ELEVENLABS_MODEL: 'no-such',
    };
    expect(levels(env, '2026-12-20')).toContain('ok The model gpt-realtime stays');
    expect(levels(env, '2026-12-22')).toContain('advice The model gpt-realtime shuts down on 2027-01-20');
    expect(levels(env, '2027-01-20')).toContain('fault The model gpt-realtime was shut down on 2027-01-20');
    expect(levels(env, '2027-01-20')).toContain('advice Nothing is known of the model no-such');
  });

  it('are not vouched for by a register that nobody has looked at for a quarter', () => {
    expect(levels({}, '2027-03-01').at(-1)).toBe(
      'advice The register of models was last reviewed on 2026-11-22',
    );
  });
});
