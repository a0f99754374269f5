import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create, fromBinary, toBinary, type DescMessage } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import type { NatsConnection } from '@nats-io/transport-node';
import { startServers, type NatsCredentials } from '@tradeline/embedded-servers';

const ASK_WITHIN_MS = 5_000;
export const TENANT = 'tn_bench';

/** What is used of the built libraries; a tool is no part of their project graph and loads them when it runs. */
interface Contracts {
  readonly ReserveRequestSchema: DescMessage;
  readonly ReserveResponseSchema: DescMessage;
  readonly AssistantProfileChangedSchema: DescMessage;
  rpcSubject(request: DescMessage): string;
  subjectOf(event: DescMessage, tenantId: string): string;
}

interface Messaging {
  ensureStreams(admin: NatsCredentials): Promise<void>;
  connectOnce(credentials: NatsCredentials, name: string): Promise<NatsConnection>;
}

/** A place that the bridge holds for a call. */
export interface Reservation {
  readonly streamUrl: string;
  readonly streamToken: string;
}

export interface Bus {
  readonly version: string;
  readonly pid: number | undefined;
  credentialsOf(service: string): NatsCredentials;
  /** Asks the bridge for a place, as the telephony gateway does. @throws when it has none */
  reserve(instance: string, callSid: string): Promise<Reservation>;
  stop(): Promise<void>;
}

const load = async <T>(root: string, lib: string): Promise<T> =>
  (await import(pathToFileURL(join(root, 'libs', lib, 'dist/index.js')).href)) as T;

/** A private NATS with all streams, on which one tenant is known. */
export const startBus = async (root: string): Promise<Bus> => {
  const contracts = await load<Contracts>(root, 'contracts');
  const messaging = await load<Messaging>(root, 'messaging');
  const dataDir = mkdtempSync(join(tmpdir(), 'tradeline-bench-'));
  const { NATS_URL: _foreign, ...env } = process.env;
  const servers = await startServers({ dataDir, only: ['nats'], ephemeral: true, supervise: false, env });
  const { nats } = servers;
  const connections: NatsConnection[] = [];
  const stop = async (): Promise<void> => {
    for (const connection of connections) await connection.close();
    await servers.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    if (!nats) throw new Error('NATS was not started');
    const credentialsOf = (service: string): NatsCredentials => {
      const found = nats.credentials[service];
      if (!found) throw new Error(`the bus knows no user ${service}`);
      return found;
    };
    const signIn = async (service: string): Promise<NatsConnection> => {
      const connection = await messaging.connectOnce(credentialsOf(service), 'bench');
      connections.push(connection);
      return connection;
    };
    await messaging.ensureStreams(credentialsOf('migrator'));
    await introduceTenant(await signIn('tenant-gateway'), contracts);
    const gateway = await signIn('telephony-gateway');
    const reserve = (instance: string, callSid: string): Promise<Reservation> =>
      askForPlace(gateway, contracts, instance, callSid);
    return { version: nats.version, pid: nats.pid, credentialsOf, reserve, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const introduceTenant = async (
  connection: NatsConnection,
  { AssistantProfileChangedSchema: schema, subjectOf }: Contracts,
): Promise<void> => {
  const profile = {
    meta: { eventId: 'ev_bench', tenantId: TENANT, occurredAt: timestampNow() },
    businessName: 'Bench Plumbing',
    languages: ['en-CA', 'fr-CA'],
    timeZone: 'America/Toronto',
    region: 'CA',
    greetings: { 'en-CA': 'Bench Plumbing, you are speaking with an automated assistant. How can I help?' },
    voice: 'marin',
    services: ['leaks', 'drains', 'water heaters'],
    serviceArea: 'Ottawa and Gatineau',
    openingHours: 'Monday to Friday 8:00-17:00',
    facts: ['A visit costs ninety dollars.'],
  };
  await connection.request(subjectOf(schema, TENANT), toBinary(schema, create(schema, profile)), {
    timeout: ASK_WITHIN_MS,
  });
};

const askForPlace = async (
  connection: NatsConnection,
  contracts: Contracts,
  instance: string,
  callSid: string,
): Promise<Reservation> => {
  const { ReserveRequestSchema: request, ReserveResponseSchema: response, rpcSubject } = contracts;
  const question = create(request, {
    tenantId: TENANT,
    callId: `ca_${callSid}`,
    callSid,
    accountSid: `AC${'0'.repeat(32)}`,
    fromNumber: '+16135550142',
    toNumber: '+16135550100',
    webhookReceivedAt: timestampNow(),
  });
  const reply = await connection.request(`${rpcSubject(request)}.${instance}`, toBinary(request, question), {
    timeout: ASK_WITHIN_MS,
  });
  const answer = fromBinary(response, reply.data) as unknown as Reservation & {
    accepted: boolean;
    refusal: string;
  };
  if (!answer.accepted)
    throw new Error(
      `the bridge refused a place: ${answer.refusal || reply.headers?.get('rpc-error-message') || 'no reason'}`,
    );
  return answer;
};
