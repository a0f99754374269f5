import { createRequire } from 'node:module';
import { readCommandLine } from './command-line.ts';
import type { CommandLine } from './command-line.ts';
import { canConnect, createDatabase, dropDatabase } from './database-commands.ts';
import { Requests } from './requests.ts';
import { sender, serve } from './rpc.ts';

let crashed: Promise<never> | undefined;
const commandLine = readCommandLine(process.argv.slice(2));

if (commandLine.wantsVersion) console.log(`schema-engine-cli ${enginesVersion()}`);
else if (commandLine.command !== undefined) await runCommand(commandLine.command, commandLine);
else await serveRequests(commandLine);
process.exit();

function enginesVersion(): string {
  const { prisma } = createRequire(import.meta.url)('@prisma/engines-version/package.json') as {
    prisma: { enginesVersion: string };
  };
  return prisma.enginesVersion;
}

async function runCommand(command: string, { databaseUrl }: CommandLine): Promise<void> {
  try {
    if (command === 'can-connect-to-database') await canConnect(databaseUrl);
    else if (command === 'create-database') await createDatabase(databaseUrl);
    else if (command === 'drop-database') await dropDatabase(databaseUrl);
    else throw new Error(`unknown command ${command}`);
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    const fields = { message, error_code: code, is_panic: false };
    process.stderr.write('schema-engine\n'); // the CLI drops the first line
    process.stderr.write(JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields }));
    process.exitCode = 1;
  }
}

async function serveRequests(line: CommandLine): Promise<void> {
  const send = sender(process.stdout);
  const requests = new Requests(line, (content) => send({ id: 0, method: 'print', params: { content } }));
  await serve(process.stdin, send, (method, params) =>
    Promise.race([requests.answer(method, params), crash()]),
  );
}

/** A panic in the engine surfaces outside of the call that led to it. Unanswered, the CLI would end as if all was well. */
function crash(): Promise<never> {
  crashed ??= new Promise<never>((_, reject) => {
    process.on('uncaughtException', reject).on('unhandledRejection', reject);
  });
  return crashed;
}
