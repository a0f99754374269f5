import { readJson } from '../data-dir.ts';
import { fileURLToPath } from 'node:url';
import type { NatsPermissions } from './nats-config.ts';

/** Makes streams and buckets, and may do everything. */
export const ADMIN_USER = 'migrator';

const SERVICES = [
  'telephony-gateway',
  'realtime-bridge',
  'lead-qualifier',
  'notifier',
  'metrics-aggregator',
  'tenant-gateway',
];
const EVERYTHING: NatsPermissions = { publish: { allow: ['>'] }, subscribe: { allow: ['>'] } };

/** Written from the event catalogue, and checked to be fresh by tools/checks. */
const GENERATED = fileURLToPath(new URL('../../../../deploy/nats/permissions.json', import.meta.url));

/** What each service's user may do on the bus. */
export function servicePermissions(file = GENERATED): Readonly<Record<string, NatsPermissions>> {
  const generated = readJson<{ users: Record<string, NatsPermissions> }>(file);
  return generated?.users ?? Object.fromEntries(SERVICES.map((service) => [service, EVERYTHING]));
}
