import { databaseEnv, natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';

/** Nothing here is personal data and nothing is said, so neither a master key nor the relay's address is asked for. */
export const readEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  parseEnv({ ...serviceEnv, ...natsEnv, DATABASE_URL: databaseEnv.DATABASE_URL }, source);

export type MetricsEnv = ReturnType<typeof readEnv>;
