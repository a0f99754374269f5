import { databaseEnv, natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';

export const readEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  parseEnv({ ...serviceEnv, ...natsEnv, ...databaseEnv }, source);

export type MetricsEnv = ReturnType<typeof readEnv>;
