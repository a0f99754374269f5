import { natsConfigText } from './nats-config.ts';
import { ADMIN_USER, servicePermissions } from './nats-permissions.ts';

/** "notifier" -> "NOTIFIER_NATS_PASSWORD", the variable with that user's password in a compose installation. */
export const passwordVariable = (user: string): string =>
  `${user.toUpperCase().replaceAll('-', '_')}_NATS_PASSWORD`;

/** The configuration of the bus in containers: the same users and permissions, with the secrets in its environment. */
export function composeNatsConfig(): string {
  const permissions = servicePermissions();
  const users = [ADMIN_USER, ...Object.keys(permissions)].map((name) => ({
    name,
    password: { variable: passwordVariable(name) },
    permissions: permissions[name],
  }));
  const config = natsConfigText({
    listen: '0.0.0.0:4222',
    storeDir: '/data',
    storageKey: { variable: 'NATS_STORAGE_KEY' },
    users,
    monitor: '127.0.0.1:8222', // for the container's own health check
  });
  return `# Generated from permissions.json: node tools/embedded-servers/src/write-compose-nats.ts\n${config}`;
}
