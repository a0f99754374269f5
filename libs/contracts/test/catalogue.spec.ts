import type { DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import {
  anyTenant,
  catalogue,
  CallEndedSchema,
  deadLetterSubject,
  durableName,
  eventName,
  kebab,
  ListLeadsRequestSchema,
  natsPermissions,
  ReserveRequestSchema,
  rpcPermission,
  rpcSubject,
  SERVICES,
  STREAMS,
  streamOf,
  subjectOf,
  type BusRole,
} from '../src/index.js';

const roles: readonly (readonly [string, BusRole])[] = SERVICES.map(
  (service) => [service, catalogue[service]] as const,
);

const typeNames = (schemas: readonly DescMessage[]): string[] => schemas.map(({ typeName }) => typeName);

const said = typeNames(roles.flatMap(([, role]) => role.says));
const answered = typeNames(roles.flatMap(([, role]) => role.answers));

describe('names', () => {
  it('are derived from the type, tenant last', () => {
    expect(subjectOf(CallEndedSchema, 'tn_8zk2')).toBe('calls.v1.call-ended.tn_8zk2');
    expect(anyTenant(CallEndedSchema)).toBe('calls.v1.call-ended.*');
    expect(rpcSubject(ListLeadsRequestSchema)).toBe('rpc.leads.v1.list-leads');
    expect(rpcPermission(ReserveRequestSchema)).toBe('rpc.bridge.v1.reserve.*');
    expect(deadLetterSubject('calls.v1.call-ended.tn_1')).toBe('dead-letter.calls.v1.call-ended.tn_1');
    expect(durableName('notifier', 'sync-crm-when-lead-qualified')).toBe(
      'notifier_sync-crm-when-lead-qualified',
    );
    expect(kebab('LeadSyncedToCrm')).toBe('lead-synced-to-crm');
  });

  it.each(['', '*', '>', 'tn_1.x', 'tn 1', 'tn_1\n'])('are not made for the tenant %j', (tenantId) => {
    expect(() => subjectOf(CallEndedSchema, tenantId)).toThrow('not a tenant id');
  });
});

describe('the catalogue', () => {
  it('gives each event and each question to exactly one service', () => {
    expect(new Set(said).size).toBe(said.length);
    expect(new Set(answered).size).toBe(answered.length);
  });

  it.each(roles)(
    'lets %s hear, follow, watch and ask only what somebody says or answers',
    (_service, role) => {
      const heard = [...role.hears.map(({ event }) => event), ...role.settings, ...role.watches];
      for (const typeName of typeNames(heard)) expect(said).toContain(typeName);
      for (const typeName of typeNames(role.asks)) expect(answered).toContain(typeName);
    },
  );

  it.each(roles)('names each reaction of %s once, as a sentence about its event', (_service, { hears }) => {
    const reactions = hears.map(({ reaction }) => reaction);
    expect(new Set(reactions).size).toBe(reactions.length);
    for (const { event, reaction } of hears) {
      expect(reaction).toMatch(/^[a-z]+(-[a-z]+)*-when-[a-z-]+$/);
      expect(reaction.endsWith(`-when-${kebab(event.name)}`)).toBe(true);
    }
  });

  it('has a stream for every event, whose first field is EventMeta', () => {
    for (const event of roles.flatMap(([, role]) => role.says)) {
      expect(
        streamOf(event).subjects.some((subject) => eventName(event).startsWith(subject.slice(0, -1))),
      ).toBe(true);
      expect(event.fields[0]?.message?.typeName).toBe('events.v1.EventMeta');
    }
  });

  it('keeps settings in the stream without an age limit, and facts 72 hours at most', () => {
    const settings = roles.flatMap(([, role]) => role.settings);
    for (const event of settings)
      expect(streamOf(event)).toMatchObject({ maxAgeMs: 0, maxMessagesPerSubject: 1 });
    const facts = STREAMS.filter(({ name }) => name !== 'TENANT_STATE' && name !== 'DEAD_LETTERS');
    for (const stream of facts) expect(stream.maxAgeMs).toBeLessThanOrEqual(72 * 3_600_000);
  });

  it('covers no question with a stream: the stream would answer first', () => {
    for (const { subjects } of STREAMS)
      for (const subject of subjects) expect(subject).not.toMatch(/^(rpc|>|\*)/);
  });
});

describe('permissions', () => {
  it('use wildcards as whole tokens, and > only behind a name of the service or of one durable', () => {
    for (const [service, { publish, subscribe }] of Object.entries(natsPermissions())) {
      for (const subject of [...publish.allow, ...subscribe.allow]) {
        for (const token of subject.split('.')) expect(token).toMatch(/^([^*>]+|\*|>)$/);
        if (subject.includes('>')) expect(subject).toContain(service);
      }
    }
  });
});
