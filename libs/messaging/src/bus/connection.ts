import { connect, type NatsConnection, type Status } from '@nats-io/transport-node';
import { log } from '@tradeline/service-runtime';

/** How to reach the bus; the user is the service's own, with the permissions of its line in the catalogue. */
export interface BusCredentials {
  readonly NATS_URL: string;
  readonly NATS_USER: string;
  readonly NATS_PASSWORD: string;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** Each user reads replies in an inbox of its own, so no service can listen to another's answers. */
export const inboxPrefixOf = (user: string): string => `_INBOX_${user}`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const follow = async (connection: NatsConnection): Promise<void> => {
  for await (const status of connection.status()) report(status);
};

const report = (status: Status): void => {
  switch (status.type) {
    case 'disconnect':
      log.warn('nats_disconnected', { server: status.server });
      break;
    case 'reconnect':
      log.info('nats_reconnected', { server: status.server });
      break;
    case 'error':
      log.error('nats_error', { reason: status.error.message });
      break;
    case 'slowConsumer':
      log.warn('nats_slow_consumer', { pendingMessages: status.pending });
      break;
    default:
      break;
  }
};

const options = (credentials: BusCredentials, name: string) => ({
  servers: credentials.NATS_URL,
  user: credentials.NATS_USER,
  pass: credentials.NATS_PASSWORD,
  name,
  inboxPrefix: inboxPrefixOf(credentials.NATS_USER),
  maxReconnectAttempts: -1,
  reconnectTimeWait: FIRST_RETRY_MS,
  reconnectJitter: 100,
  // A password that is being rotated is a reason to try again, not to give up for ever.
  ignoreAuthErrorAbort: true,
  pingInterval: 10_000,
  maxPingOut: 2,
});

/** One attempt; for tools that would rather fail than wait. */
export const connectOnce = (credentials: BusCredentials, name: string): Promise<NatsConnection> =>
  connect(options(credentials, name));

/**
 * Connects, and keeps trying for ever: a service that starts before its servers waits for them and says so.
 * After the first success the client reconnects by itself, without limit.
 */
export const connectPatiently = async (
  credentials: BusCredentials,
  name: string,
): Promise<NatsConnection> => {
  let wait = FIRST_RETRY_MS;
  for (;;) {
    try {
      const connection = await connectOnce(credentials, name);
      void follow(connection);
      return connection;
    } catch (error) {
      log.warn('nats_unreachable', {
        server: credentials.NATS_URL,
        reason: describe(error),
        retryInMs: wait,
      });
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }
  }
};
