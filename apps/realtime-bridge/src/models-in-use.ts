import type { ModelRegister, Outlook } from './domain/model-register.js';
import type { BridgeEnv } from './env.js';
import { TRANSCRIPTION_MODEL } from './integrations/openai-realtime/session-configuration.js';
import { modelShutsDownSoon } from './telemetry.js';

interface ModelInUse {
  readonly name: string;
  readonly outlook: Outlook;
  /** How another one is chosen. */
  readonly cure: string;
}

const modelsInUse = (env: BridgeEnv, register: ModelRegister, now: Date): ModelInUse[] =>
  [
    { name: env.OPENAI_REALTIME_MODEL, cure: 'Set OPENAI_REALTIME_MODEL' },
    { name: TRANSCRIPTION_MODEL, cure: 'Update to a release that uses another' },
    ...(env.ELEVENLABS_API_KEY === '' ? [] : [{ name: env.ELEVENLABS_MODEL, cure: 'Set ELEVENLABS_MODEL' }]),
  ].map((model) => ({ ...model, outlook: register.outlook(model.name, now) }));

/** @throws Error that names every model of ours that is gone, since when, and what to do */
export const refuseModelsThatAreGone = (env: BridgeEnv, register: ModelRegister, now = new Date()): void => {
  const faults = modelsInUse(env, register, now).flatMap(({ name, outlook, cure }) =>
    outlook.kind === 'gone'
      ? [
          `${name} was shut down on ${outlook.shutsDown}. ${cure}${outlook.instead ? `: ${outlook.instead}` : ''}.`,
        ]
      : [],
  );
  if (faults.length > 0)
    throw new Error(`No call could be answered with the models that are set:\n  ${faults.join('\n  ')}`);
};

/** Warns of every model of ours that shuts down within a month. */
export const warnOfShutdowns = (env: BridgeEnv, register: ModelRegister, now = new Date()): void => {
  for (const { name, outlook } of modelsInUse(env, register, now))
    if (outlook.kind === 'soon')
      modelShutsDownSoon(name, outlook.shutsDown, outlook.daysLeft, outlook.instead);
};
