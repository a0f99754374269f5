import { Command } from 'commander';
import { Platform, sayStandIns } from '../platform/platform.ts';
import type { PlatformState } from '../platform/platform-state.ts';
import { sameDataDir } from '../paths.ts';
import { say } from '../progress.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { beforeStart } from './before-start.ts';
import { dataDirOption, wholeNumber } from './options.ts';

interface UpFlags {
  dataDir: string;
  bridges: number;
  port?: number;
  json?: boolean;
}

export const sayAddresses = (state: PlatformState): void => {
  say();
  say(`  API page    ${state.publicUrl}/docs`);
  say(`  API key     ${state.tenant.apiKey}`);
  say(`  Mailbox     ${state.sandbox.mailbox}`);
  say(`  Sandbox     ${state.sandbox.url}/`);
  say(`  Phone       ${state.tenant.number} (webhook ${state.publicUrl}/twilio/voice)`);
  say(`  Data, logs  ${state.dataDir}`);
};

const up = async (flags: UpFlags): Promise<void> => {
  beforeStart(flags.dataDir);
  const platform = new Platform({ dataDir: flags.dataDir, bridges: flags.bridges, port: flags.port });
  const stopped = stopOnSignal(() => platform.stop());
  try {
    const state = await platform.start();
    if (flags.json) {
      const { services, servers, sandbox, tenant, publicUrl } = state;
      process.stdout.write(`${JSON.stringify({ services, servers, sandbox, tenant, publicUrl })}\n`);
    }
    sayStandIns(platform.standIns);
    sayAddresses(state);
    say();
    say(
      `Up. Make a call from another terminal: ./tradeline call booked-plumber${sameDataDir(flags.dataDir)}\nCtrl-C stops everything.`,
    );
  } catch (error) {
    await platform.stop();
    throw error;
  }
  await stopped;
};

export const upCommand = (): Command =>
  new Command('up')
    .description(
      'start the platform: Postgres, Redis, NATS, all services and the sandbox; Ctrl-C stops it all',
    )
    .addOption(dataDirOption())
    .option('--bridges <n>', 'how many realtime-bridge processes', wholeNumber(1, 16), 1)
    .option(
      '--port <port>',
      'port of the front door (0: a free one; default: 8247, or a free one when that is taken)',
      wholeNumber(0, 65_535),
    )
    .option('--json', 'print one line of JSON on standard output when all is healthy')
    .addHelpText(
      'after',
      `
An outside party whose credentials are in the environment is used; the sandbox stands in for every other one.
Servers: POSTGRES_URL, REDIS_URL and NATS_URL are used when set; otherwise private ones are started.
PUBLIC_URL is where Twilio reaches this machine (an https address that leads to the front door).`,
    )
    .action(up);
