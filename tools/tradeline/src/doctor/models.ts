import { readFileSync } from 'node:fs';
import { inRoot } from '../paths.ts';
import type { Finding } from './examine.ts';

interface Register {
  readonly reviewed: string;
  /** The model by the variable that sets another; `transcription` cannot be set. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly models: readonly {
    readonly name: string;
    readonly shutsDown?: string;
    readonly instead?: string;
  }[];
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const WARNING_DAYS = 30;
/** Vendors announce shutdowns about a quarter ahead: an older register may not know of one. */
const REVIEW_DAYS = 90;
/** The end of a name that pins a model to a date. */
const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/;

const daysUntil = (day: string, now: Date): number => Math.ceil((Date.parse(day) - now.getTime()) / DAY_MS);

const readRegister = (): Register =>
  JSON.parse(readFileSync(inRoot('apps/realtime-bridge/models.json'), 'utf8')) as Register;

/** Are the models that calls are answered with still there next month? */
export const examineModels = (
  env: NodeJS.ProcessEnv,
  now = new Date(),
  register = readRegister(),
): Finding[] => {
  const findings: Finding[] = [];
  for (const [variable, usual] of Object.entries(register.defaults)) {
    // Nobody speaks by ElevenLabs without a key for it.
    if (variable.startsWith('ELEVENLABS_') && !env.ELEVENLABS_API_KEY) continue;
    const name = env[variable] ?? usual;
    const model =
      register.models.find((known) => known.name === name) ??
      register.models.find((known) => known.name === name.replace(SNAPSHOT, ''));
    const cure =
      variable === 'transcription'
        ? 'Update to a release that uses another.'
        : `Set ${variable}${model?.instead ? ` to ${model.instead}` : ''}.`;
    const left = model?.shutsDown === undefined ? Number.POSITIVE_INFINITY : daysUntil(model.shutsDown, now);
    if (!model)
      findings.push({
        level: 'advice',
        what: `Nothing is known of the model ${name}`,
        cure: 'Look whether it is spelt right, and when it shuts down.',
      });
    else if (left <= 0)
      findings.push({ level: 'fault', what: `The model ${name} was shut down on ${model.shutsDown}`, cure });
    else if (left <= WARNING_DAYS)
      findings.push({ level: 'advice', what: `The model ${name} shuts down on ${model.shutsDown}`, cure });
    else findings.push({ level: 'ok', what: `The model ${name} stays` });
  }
  if (-daysUntil(register.reviewed, now) > REVIEW_DAYS)
    findings.push({
      level: 'advice',
      what: `The register of models was last reviewed on ${register.reviewed}`,
      cure: "Compare apps/realtime-bridge/models.json with the vendors' pages.",
    });
  return findings;
};
