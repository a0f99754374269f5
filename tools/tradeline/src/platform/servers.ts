import type { EmbeddedServers } from '@tradeline/embedded-servers';
import type { ProcessAddress } from './platform-state.ts';

/** All three servers, up. */
export type Servers = Required<EmbeddedServers>;

/** As clients take them: Postgres's and Redis's carry the password, so that a person can look inside. */
export const serverAddresses = (servers: Servers): Record<string, ProcessAddress> =>
  Object.fromEntries(
    (['postgres', 'redis', 'nats'] as const).map((name) => [
      name,
      { url: servers[name].url, pid: servers[name].pid },
    ]),
  );

/** What the migrator signs in with: each domain's owner, and the administrator of the bus. */
export const migratorEnv = ({ postgres, nats }: Servers): Record<string, string> => ({
  ...Object.fromEntries(
    Object.values(postgres.databases).map(({ name, ownerUrl }) => [
      `${name.toUpperCase()}_OWNER_URL`,
      ownerUrl,
    ]),
  ),
  ...nats.credentials.migrator,
});
