import type { Contracts, Schema } from './contracts.ts';

const HEADER = `<!-- Generated from libs/contracts/src/catalogue.ts by \`node tools/checks/src/generate.ts\`. Do not edit. -->

# What is said on the bus

Events are facts in the past tense, said by one service and heard by any. Each lies in the stream of its domain;
its subject is derived from its protobuf type, with the tenant last.`;

const QUESTIONS = `## Questions

Request and reply, protobuf both ways, on plain NATS: no stream covers \`rpc.>\`, or the stream would answer first.
An answer comes within two seconds or not at all.`;

const code = (text: string): string => `\`${text}\``;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(titles), row(titles.map(() => '---')), ...rows.map(row)].join('\n');

const cell = (lines: readonly string[]): string => (lines.length > 0 ? lines.join('<br>') : '—');

type Pick = (role: Contracts['catalogue'][string]) => readonly Schema[];

const servicesWhere = ({ SERVICES, catalogue }: Contracts, schema: Schema, pick: Pick): string[] =>
  SERVICES.filter((service) => {
    const role = catalogue[service];
    return role !== undefined && pick(role).some((other) => other.typeName === schema.typeName);
  });

const reactionsTo = ({ SERVICES, catalogue }: Contracts, event: Schema): string[] =>
  SERVICES.flatMap((service) =>
    (catalogue[service]?.hears ?? [])
      .filter((line) => line.event.typeName === event.typeName)
      .map((line) => `${service}: ${code(line.reaction)}`),
  );

const schemasOf = ({ SERVICES, catalogue }: Contracts, pick: Pick): Schema[] => {
  const all = SERVICES.flatMap((service) => {
    const role = catalogue[service];
    return role ? pick(role) : [];
  });
  return [...new Map(all.map((schema) => [schema.typeName, schema])).values()];
};

const eventsTable = (contracts: Contracts): string =>
  table(
    [
      'event',
      'subject',
      'said by',
      'heard by (durably, at least once)',
      'followed as settings by',
      'shown live by',
      'stream',
    ],
    schemasOf(contracts, (role) => role.says).map((event) => [
      code(event.typeName),
      code(contracts.anyTenant(event)),
      cell(servicesWhere(contracts, event, (role) => role.says)),
      cell(reactionsTo(contracts, event)),
      cell(servicesWhere(contracts, event, (role) => role.settings)),
      cell(servicesWhere(contracts, event, (role) => role.watches)),
      code(contracts.streamOf(event).name),
    ]),
  );

const questionsTable = (contracts: Contracts): string =>
  table(
    ['question', 'subject', 'answered by', 'asked by'],
    schemasOf(contracts, (role) => role.answers).map((request) => [
      code(request.typeName),
      code(contracts.rpcPermission(request)),
      cell(servicesWhere(contracts, request, (role) => role.answers)),
      cell(servicesWhere(contracts, request, (role) => role.asks)),
    ]),
  );

const HOUR_MS = 3_600_000;

const streamsTable = ({ STREAMS }: Contracts): string =>
  table(
    ['stream', 'subjects', 'kept', 'per subject'],
    STREAMS.map((stream) => [
      code(stream.name),
      stream.subjects.map(code).join(', '),
      stream.maxAgeMs === 0 ? 'without limit' : `${stream.maxAgeMs / HOUR_MS} hours`,
      stream.maxMessagesPerSubject === 0 ? 'all' : `the last ${stream.maxMessagesPerSubject}`,
    ]),
  );

/** docs/events.md: who says what, who hears it, and what they ask each other. */
export const eventsPage = (contracts: Contracts): string =>
  `${[
    HEADER,
    eventsTable(contracts),
    QUESTIONS,
    questionsTable(contracts),
    '## Streams',
    streamsTable(contracts),
    `An event that no handler could take lies under ${code('dead-letter.<subject>')} with its reason in the headers, its bytes untouched, and can be replayed to the one consumer that failed.`,
    `Beside the streams: heartbeats of bridges on ${code('presence.bridge.v1.<instance>')}, stored nowhere, and snapshots of live conversations in the key-value bucket ${code(contracts.SNAPSHOT_BUCKET.name)}, forgotten ${contracts.SNAPSHOT_BUCKET.ttlMs / 60_000} minutes after their last write, and the sound of fixed phrases in the bucket ${code(contracts.PHRASE_BUCKET.name)}, forgotten ${contracts.PHRASE_BUCKET.ttlMs / HOUR_MS / 24} days after theirs.`,
  ].join('\n\n')}\n`;
