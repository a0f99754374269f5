import {
  catalogue,
  PHRASE_BUCKET,
  PHRASE_CLAIM_BUCKET,
  SERVICES,
  SNAPSHOT_BUCKET,
  type BusRole,
  type Reaction,
  type ServiceName,
} from './catalogue.js';
import { anyTenant, deadLetterSubject, durableName, presenceSubject, rpcPermission } from './names.js';
import { streamOf, TENANT_STATE } from './streams.js';

/** What one NATS user may do. Subjects as nats-server's `permissions` take them: a wildcard is a whole token. */
export interface UserPermissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  /** What the client must use for its inboxes; the only inbox it may listen on. */
  readonly inboxPrefix: string;
  /** True for a user that answers questions: it may publish to the reply subject of what it received. */
  readonly allowResponses: boolean;
}

// The JetStream API's subjects are part of NATS's documented protocol (ADR-31 for direct get, and the API reference).
const API = '$JS.API';

/** Creating, finding and pulling from one durable, acknowledging, and burying what could not be handled. */
const forReaction = (service: ServiceName, { event, reaction }: Reaction): string[] => {
  const stream = streamOf(event).name;
  const durable = durableName(service, reaction);
  const filter = anyTenant(event);
  return [
    `${API}.CONSUMER.CREATE.${stream}.${durable}.${filter}`,
    `${API}.CONSUMER.INFO.${stream}.${durable}`,
    `${API}.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
    deadLetterSubject(filter),
  ];
};

/** Consumers on TENANT_STATE are ephemeral, with random names; what they may read is bound by the filter. */
const forSettings = (role: BusRole): string[] => {
  if (role.settings.length === 0) return [];
  const stream = TENANT_STATE.name;
  return [
    `${API}.STREAM.INFO.${stream}`,
    ...role.settings.map((event) => `${API}.CONSUMER.CREATE.${stream}.*.${anyTenant(event)}`),
    `${API}.CONSUMER.INFO.${stream}.*`,
    `${API}.CONSUMER.MSG.NEXT.${stream}.*`,
    `${API}.CONSUMER.DELETE.${stream}.*`,
  ];
};

/** Keys are whole tokens. */
const keysOf = (bucket: string): string => `$KV.${bucket}.*`;
const toRead = (bucket: string): string => `${API}.DIRECT.GET.KV_${bucket}.${keysOf(bucket)}`;
const toKeep = (bucket: string): string[] => [keysOf(bucket), toRead(bucket)];

const forSnapshots = (role: BusRole): string[] => (role.snapshots ? toKeep(SNAPSHOT_BUCKET.name) : []);

const forPhrases = (role: BusRole): string[] => {
  switch (role.phrases) {
    case 'makes':
      return [...toKeep(PHRASE_BUCKET.name), ...toKeep(PHRASE_CLAIM_BUCKET.name)];
    case 'reads':
      return [toRead(PHRASE_BUCKET.name)];
    case 'none':
      return [];
  }
};

const unique = (subjects: readonly string[]): string[] => [...new Set(subjects)].sort();

const permissionsOf = (service: ServiceName): UserPermissions => {
  const role = catalogue[service];
  const inboxPrefix = `_INBOX_${service}`;
  return {
    publish: {
      allow: unique([
        ...role.says.map(anyTenant),
        ...role.hears.flatMap((reaction) => forReaction(service, reaction)),
        ...forSettings(role),
        ...forSnapshots(role),
        ...forPhrases(role),
        ...role.asks.map(rpcPermission),
        ...(role.presence === 'tells' ? [presenceSubject('*')] : []),
      ]),
    },
    subscribe: {
      allow: unique([
        `${inboxPrefix}.>`,
        ...role.watches.map(anyTenant),
        ...role.answers.map(rpcPermission),
        ...(role.presence === 'hears' ? [presenceSubject('*')] : []),
      ]),
    },
    inboxPrefix,
    allowResponses: role.answers.length > 0,
  };
};

/** One user per service, named as the service, with nothing but what its line in the catalogue needs. */
export const natsPermissions = (): Readonly<Record<ServiceName, UserPermissions>> =>
  Object.fromEntries(SERVICES.map((service) => [service, permissionsOf(service)])) as Record<
    ServiceName,
    UserPermissions
  >;
