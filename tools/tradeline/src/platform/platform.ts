import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bringEspeak, startServers, type Espeak } from '@tradeline/embedded-servers';
import { say, step, type Tell } from '../progress.ts';
import { buildWhenStale } from './build.ts';
import { ensureDemoTenant, type DemoTenant } from './demo-tenant.ts';
import { FrontDoor } from './front-door.ts';
import { Leftovers } from './leftovers.ts';
import {
  OUTSIDE_PARTIES,
  outsideAddresses,
  sharedCredentials,
  standIns,
  type PartyKey,
} from './outside-parties.ts';
import { forgetState, writeState, type PlatformState, type ProcessAddress } from './platform-state.ts';
import { migratorEnv, serverAddresses, type Servers } from './servers.ts';
import { run } from './run.ts';
import { Secrets } from './secrets.ts';
import { builtEntry, commonEnv, servicePlans } from './service-plans.ts';
import { SupervisedProcess } from './supervised-process.ts';

export interface UpOptions {
  readonly dataDir: string;
  readonly bridges: number;
  /** The front door's port; 0 for a free one, undefined for the usual one or else a free one. */
  readonly port: number | undefined;
}

const USUAL_PORT = 8247;
/** So many start at once: more would only take turns on a small machine. */
const START_AT_ONCE = 3;

const isLoopback = (url: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);

/** Runs `work` over all items, a few at a time. */
const aFewAtATime = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: START_AT_ONCE }, worker));
};

/** Everything that one data directory runs, started in order and stopped in the reverse order. */
export class Platform {
  private readonly options: UpOptions;
  private readonly secrets: Secrets;
  private readonly leftovers: Leftovers;
  private readonly services = new Map<string, SupervisedProcess>();
  private readonly frontDoor: FrontDoor;
  private sandbox: SupervisedProcess | undefined;
  private servers: Servers | undefined;
  private tenant: DemoTenant | undefined;
  private publicUrl = '';
  private up = false;

  constructor(options: UpOptions) {
    this.options = options;
    mkdirSync(options.dataDir, { recursive: true, mode: 0o755 });
    this.secrets = new Secrets(options.dataDir);
    this.leftovers = new Leftovers(options.dataDir);
    this.frontDoor = new FrontDoor({
      telephony: () => this.addressOf('telephony-gateway'),
      tenants: () => this.addressOf('tenant-gateway'),
      bridge: (instance) => this.addressOf(instance),
    });
  }

  /** Which outside parties the sandbox stands in for. */
  get standIns(): readonly PartyKey[] {
    return standIns(process.env);
  }

  get state(): PlatformState {
    if (!this.servers || !this.sandbox || !this.tenant) throw new Error('the platform is not up');
    const bridges = [...this.services.values()].filter((process) => process.plan.name.startsWith('bridge-'));
    const singles = [...this.services.values()].filter((process) => !bridges.includes(process));
    const address = ({ url, pid }: SupervisedProcess): ProcessAddress => ({ url, pid });
    return {
      publicUrl: this.publicUrl,
      services: {
        ...Object.fromEntries(singles.map((process) => [process.plan.name, address(process)])),
        'realtime-bridge': bridges.map(address),
      },
      servers: serverAddresses(this.servers),
      sandbox: { ...address(this.sandbox), mailbox: `${this.sandbox.url}/mailbox` },
      tenant: this.tenant,
      dataDir: this.options.dataDir,
    };
  }

  async start(): Promise<PlatformState> {
    await this.leftovers.takeOver();
    const publicUrl = await this.openFrontDoor();
    this.publicUrl = publicUrl;
    const voice = bringEspeak({ dataDir: this.options.dataDir });
    await Promise.all([
      this.startServers(),
      Promise.all([voice, buildWhenStale()]).then(([espeak]) => this.startSandbox(publicUrl, espeak)),
    ]);
    await step('Bringing the databases to this release', (tell) => this.migrate(tell));
    await step('Starting the services', (tell) => this.startServices(publicUrl, tell));
    this.tenant = await step('Preparing the demo tenant', () =>
      ensureDemoTenant(
        this.addressOf('tenant-gateway') ?? publicUrl,
        this.secrets.get('operator-token'),
        this.secrets,
        this.standIns,
        process.env.HUBSPOT_ACCESS_TOKEN,
      ),
    );
    this.up = true;
    this.onChange();
    return this.state;
  }

  /** Lets calls finish, then ends every process; safe to call at any stage of a start. */
  async stop(): Promise<void> {
    this.up = false;
    await Promise.all([...this.services.values()].map((process) => process.stop()));
    await this.sandbox?.stop();
    await this.frontDoor.close();
    await this.servers?.stop();
    if (!this.leftovers.isOurs) return;
    forgetState(this.options.dataDir);
    this.leftovers.leave();
  }

  private addressOf(name: string): string | undefined {
    try {
      return this.services.get(name)?.url;
    } catch {
      return undefined;
    }
  }

  private async openFrontDoor(): Promise<string> {
    const given = process.env.PUBLIC_URL ? new URL(process.env.PUBLIC_URL) : undefined;
    // A loopback PUBLIC_URL names the very port that callers will use.
    const wanted =
      this.options.port ?? (given && isLoopback(given) && given.port ? Number(given.port) : undefined);
    const url =
      wanted === undefined
        ? await this.frontDoor.listen(USUAL_PORT).catch(() => this.frontDoor.listen(0))
        : await this.frontDoor.listen(wanted);
    return given ? given.href.replace(/\/$/, '') : url;
  }

  private async startServers(): Promise<void> {
    const { postgres, nats, redis, stop } = await step('Starting Postgres, Redis and NATS', (tell) =>
      startServers({
        dataDir: this.options.dataDir,
        onProgress: (line) => this.onServerProgress(line, tell),
      }),
    );
    if (!postgres || !nats || !redis) throw new Error('all three servers were asked for');
    this.servers = { postgres, nats, redis, stop };
  }

  /** After the start it is a server that died and was started again, with another process id. */
  private onServerProgress(line: string, tell: Tell): void {
    if (!this.up) return tell(line);
    say(line);
    this.onChange();
  }

  private async startSandbox(publicUrl: string, espeak: Espeak | undefined): Promise<void> {
    await step('Starting the sandbox', async () => {
      this.sandbox = new SupervisedProcess(
        {
          name: 'sandbox',
          entry: builtEntry('sandbox'),
          logFile: join(this.options.dataDir, 'logs/sandbox.log'),
          env: {
            ...commonEnv(this.options.dataDir, 'sandbox'),
            SMTP_PORT: '0',
            PUBLIC_URL: publicUrl,
            ...sharedCredentials(process.env, this.secrets),
            ...espeakEnv(espeak),
          },
        },
        () => this.onChange(),
      );
      await this.sandbox.start();
    });
  }

  private async migrate(tell: Tell): Promise<void> {
    const { servers } = this;
    if (!servers) throw new Error('the servers are not up');
    await run(process.execPath, [builtEntry('migrator')], {
      env: { ...commonEnv(this.options.dataDir, 'migrator'), ...migratorEnv(servers) },
      onLine: (line) => tell(line.slice(0, 120)),
    });
  }

  private async startServices(publicUrl: string, tell: Tell): Promise<void> {
    const { servers, sandbox } = this;
    if (!servers || !sandbox) throw new Error('servers and sandbox come first');
    this.secrets.get('master-key', () => randomBytes(32).toString('base64'));
    const plans = servicePlans({
      dataDir: this.options.dataDir,
      publicUrl,
      servers,
      masterKeyFile: this.secrets.path('master-key'),
      outside: {
        ...sharedCredentials(process.env, this.secrets),
        ...outsideAddresses(process.env, { url: sandbox.url, smtpUrl: String(sandbox.ready.smtpUrl) }),
      },
      secrets: {
        streamToken: this.secrets.get('stream-token'),
        operator: this.secrets.get('operator-token'),
      },
      bridges: this.options.bridges,
      webhookToLoopback: this.standIns.length > 0,
    });
    await aFewAtATime(plans, async (plan) => {
      tell(plan.name);
      const process = new SupervisedProcess(plan, () => this.onChange());
      this.services.set(plan.name, process);
      await process.start();
    });
  }

  private remember(): void {
    const processes = [...this.services.values(), ...(this.sandbox ? [this.sandbox] : [])];
    this.leftovers.remember(processes.flatMap(({ plan, pid }) => (pid ? [{ name: plan.name, pid }] : [])));
  }

  private onChange(): void {
    this.remember();
    if (!this.up) return;
    try {
      writeState(this.state);
    } catch {
      // A process is between two lives: its next one is written when it is up.
    }
  }
}

const espeakEnv = (espeak: Espeak | undefined): Record<string, string> => ({
  ...(espeak ? { ESPEAK_PATH: espeak.path } : {}),
  ...(espeak?.libraryPath ? { ESPEAK_LIBRARY_PATH: espeak.libraryPath } : {}),
  ...(espeak?.dataPath ? { ESPEAK_DATA_PATH: espeak.dataPath } : {}),
});

/** Says which outside parties are played by the sandbox, so that nobody takes it for the real thing. */
export const sayStandIns = (parties: readonly PartyKey[]): void => {
  if (parties.length === 0) return say('No stand-ins: every outside party is the real one.');
  say('The sandbox stands in for what has no credentials in the environment:');
  for (const key of parties) {
    const { name, variables } = OUTSIDE_PARTIES[key];
    say(`  ${name.padEnd(24)} set ${variables[0]} to use the real one`);
  }
};
