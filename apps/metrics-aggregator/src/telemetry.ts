import { counter, log } from '@tradeline/service-runtime';

const recorded = counter('metrics.facts.recorded', 'Facts recorded, by kind');

export const factRecorded = (kind: 'stream' | 'call' | 'lead', id: string): void => {
  recorded.add(1, { kind });
  log.info('fact_recorded', { kind, id });
};

const turns = counter('metrics.voice_health.turns', "Turns of a tenant's voice health, by level");

export const healthTurned = (level: string, before: string): void => {
  turns.add(1, { level });
  log.info('voice_health_turned', { level, before });
};

/** A later version of the contract says something that this one has no word for: it is kept as "unspecified". */
export const unknownWord = (of: string, value: number): void => log.warn('unknown_enum_value', { of, value });
