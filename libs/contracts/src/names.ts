import type { DescMessage } from '@bufbuild/protobuf';

const TENANT_TOKEN = /^[A-Za-z0-9_-]+$/;

/** "CallEnded" -> "call-ended" */
export const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

/** "calls.v1.CallEnded" -> "calls.v1.call-ended": the name of an event on the bus, without its tenant. */
export const eventName = (event: DescMessage): string => {
  const packageName = event.typeName.slice(0, -event.name.length - 1);
  return `${packageName}.${kebab(event.name)}`;
};

/**
 * The subject of an event: `calls.v1.call-ended.tn_8zk2`.
 * @throws when the tenant id could not be one token of a subject: a dot or a wildcard in it would reach other tenants.
 */
export const subjectOf = (event: DescMessage, tenantId: string): string => {
  if (!TENANT_TOKEN.test(tenantId)) throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
  return `${eventName(event)}.${tenantId}`;
};

/** The same event of every tenant: `calls.v1.call-ended.*`. */
export const anyTenant = (event: DescMessage): string => `${eventName(event)}.*`;

/** "leads.v1.ListLeadsRequest" -> "rpc.leads.v1.list-leads": where a question is asked. */
export const rpcSubject = (request: DescMessage): string =>
  `rpc.${eventName(request).replace(/-request$/, '')}`;

/** Where the heartbeats of one bridge instance are told. */
export const presenceSubject = (instance: string): string => `presence.bridge.v1.${instance}`;

/** A durable's name, `<service>_<reaction>`; NATS forbids dots in it. */
export const durableName = (service: string, reaction: string): string => `${service}_${reaction}`;

/** Where an event goes that no handler could take: `dead-letter.<subject>`. */
export const deadLetterSubject = (subject: string): string => `dead-letter.${subject}`;

/** True for a question that goes to one instance, on `<subject>.<instance>`: a queue group could not choose which. */
export const isAnsweredPerInstance = (request: DescMessage): boolean =>
  request.typeName === 'bridge.v1.ReserveRequest';

/** Where a question is asked, as a permission: with the instance as a wildcard where it has one. */
export const rpcPermission = (request: DescMessage): string =>
  isAnsweredPerInstance(request) ? `${rpcSubject(request)}.*` : rpcSubject(request);
