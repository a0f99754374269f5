import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SERVERS, startServers } from './start-servers.ts';
import type { ServerName } from './start-servers.ts';

const USAGE = `embedded-servers: private PostgreSQL, NATS and Redis for one installation

  --data-dir <folder>   where data, secrets and what runs are kept (default: .data, or a new folder with --ephemeral)
  --only <a,b>          of ${SERVERS.join(', ')}
  --json                prints one line of JSON with all addresses when all answer; they carry passwords
  --ephemeral           fast rather than durable, and removed at the end: for tests
  --no-restart          leaves a server dead that dies
  --until-stdin-ends    ends when whoever holds the other end of standard input does
`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    'data-dir': { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    ephemeral: { type: 'boolean', default: false },
    restart: { type: 'boolean', default: true },
    'until-stdin-ends': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

function wantedServers(only: string | undefined): ServerName[] {
  return (only?.split(',') ?? [...SERVERS]).map((name) => {
    const server = SERVERS.find((known) => known === name.trim());
    if (!server) throw new Error(`--only knows ${SERVERS.join(', ')}, not "${name}"`);
    return server;
  });
}

async function main(): Promise<void> {
  const only = wantedServers(values.only);
  const throwAway =
    values.ephemeral && !values['data-dir'] ? mkdtempSync(path.join(tmpdir(), 'tradeline-')) : undefined;
  const dataDir = throwAway ?? values['data-dir'] ?? '.data';
  const asked = askedToStop();
  const servers = await startServers({
    dataDir,
    only,
    ephemeral: values.ephemeral,
    supervise: values.restart,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  if (values.json)
    process.stdout.write(`${JSON.stringify({ dataDir: path.resolve(dataDir), ...servers })}\n`);
  const awake = setInterval(() => undefined, 60_000);
  await asked;
  clearInterval(awake);
  await servers.stop();
  if (throwAway) rmSync(throwAway, { recursive: true, force: true });
  process.exit(0);
}

/** Resolves at the first signal; a Ctrl-C while servers start is obeyed when they have. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (values['until-stdin-ends'])
      process.stdin
        .on('end', () => resolve())
        .on('error', () => resolve())
        .resume();
  });
}
