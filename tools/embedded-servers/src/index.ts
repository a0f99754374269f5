export { bringEspeak } from './espeak.ts';
export type { Espeak, EspeakOptions } from './espeak.ts';
export { LockHeld, takeLock } from './file-lock.ts';
export type { Launch, Progress } from './managed-server.ts';
export { natsConfigText } from './nats/nats-config.ts';
export type { NatsConfig, NatsPermissions, NatsUser } from './nats/nats-config.ts';
export type { NatsCredentials } from './nats/nats-server.ts';
export { freePort } from './ports.ts';
export { DATABASES } from './postgres/domains.ts';
export type { DatabaseAccess, DatabaseName } from './postgres/domains.ts';
export { identityOf, isRunning, terminate } from './process-identity.ts';
export type { ProcessIdentity } from './process-identity.ts';
export { SERVERS, startServers } from './start-servers.ts';
export type {
  EmbeddedServers,
  RunningNats,
  RunningPostgres,
  RunningServer,
  ServerName,
  StartOptions,
} from './start-servers.ts';
