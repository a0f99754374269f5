import { createHmac } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import type { Bus } from '../bus.ts';
import { messageFrom, startNode, stopProcess } from '../machine/processes.ts';
import type { Place } from '../players/messages.ts';
import type { SystemName } from './names.ts';

/** A system under test, up. */
export interface RunningSystem {
  readonly process: ChildProcess;
  /** Where the phone network is to open this call's stream. */
  place(callSid: string): Promise<Place>;
  stop(): Promise<void>;
}

export interface Surroundings {
  readonly root: string;
  readonly bus: Bus;
  readonly core: number | undefined;
  readonly first: boolean;
  /** Logs and traces go here. */
  readonly workDir: string;
  readonly modelUrl: string;
  readonly calls: number;
  /** Writes a processor profile into the work directory. */
  readonly profile: boolean;
}

const READY_WITHIN_MS = 30_000;
const READY_LOOK_MS = 50;
const AUTH_TOKEN = 'bench-auth-token';
const PUBLIC_URL = 'https://bench.example';
/** Shares of a core above which the bridge saves messages; as it is started usually, half of one. */
const NEVER_BUSY = '1';
const ALWAYS_BUSY = '0';
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ'];

interface Ready {
  readonly ready: true;
  readonly url: string;
}

const isReady = (message: unknown): message is Ready =>
  typeof message === 'object' && message !== null && 'ready' in message;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const passedOn = (): NodeJS.ProcessEnv =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

export const startSystem = (name: SystemName, around: Surroundings): Promise<RunningSystem> => {
  switch (name) {
    case 'bridge':
      return startBridge(around, NEVER_BUSY);
    case 'busy-bridge':
      return startBridge(around, ALWAYS_BUSY);
    case 'sdk':
      return startServer(here('agents-sdk.ts'), around);
    case 'relay':
      return startServer(here('plain-relay.ts'), around);
  }
};

const launch = (
  entry: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  around: Surroundings,
): ChildProcess => {
  const { workDir, core, first, profile } = around;
  const log = openSync(join(workDir, 'system.log'), 'a');
  // As the platform starts its services.
  const flags = ['--enable-source-maps', '--max-semi-space-size=8'];
  if (profile) flags.push('--cpu-prof', `--cpu-prof-dir=${join(workDir, 'profile')}`);
  try {
    return startNode(entry, args, {
      core,
      first,
      env: { ...passedOn(), NODE_ENV: 'production', ...env },
      nodeArgs: flags,
      log,
    });
  } finally {
    closeSync(log);
  }
};

/** One of the two systems that need nothing but a model. */
const startServer = async (entry: string, around: Surroundings): Promise<RunningSystem> => {
  const child = launch(entry, [around.modelUrl], {}, around);
  const { url } = await messageFrom(child, isReady, READY_WITHIN_MS);
  const place: Place = { url: url.replace(/^http/, 'ws'), headers: {}, parameters: {} };
  return { process: child, place: () => Promise.resolve(place), stop: () => stopProcess(child) };
};

/** Our bridge as the platform starts it: signatures, tokens, events, snapshots, traces and logs on. */
const startBridge = async (around: Surroundings, coalesceAbove: string): Promise<RunningSystem> => {
  const { root, bus, workDir, modelUrl, calls } = around;
  const instance = 'bench';
  const env = {
    ...bus.credentialsOf('realtime-bridge'),
    SERVICE_NAME: 'realtime-bridge',
    INSTANCE_ID: instance,
    HOST: '127.0.0.1',
    PORT: '0',
    TRACES_DIR: join(workDir, 'traces'),
    PUBLIC_URL,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    STREAM_TOKEN_SECRET: 'bench-stream-token-secret',
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: modelUrl,
    CAPACITY: String(calls + 10),
    // What lies beyond the bound is to be measured too.
    MAX_EVENT_LOOP_USE: '1',
    COALESCE_ABOVE_EVENT_LOOP_USE: coalesceAbove,
  };
  const child = launch(join(root, 'apps/realtime-bridge/dist/main.js'), [], env, around);
  const { url } = await messageFrom(child, isReady, READY_WITHIN_MS);
  await untilFit(child, `${url}/health/ready`);
  return {
    process: child,
    stop: () => stopProcess(child),
    place: async (callSid) => {
      const { streamUrl, streamToken } = await bus.reserve(instance, callSid);
      // Twilio signs the address that it was told; what carries the stream here is the process itself.
      const signature = createHmac('sha1', AUTH_TOKEN).update(streamUrl).digest('base64');
      return {
        url: url.replace(/^http/, 'ws') + new URL(streamUrl).pathname,
        headers: { 'X-Twilio-Signature': signature },
        parameters: { token: streamToken },
      };
    },
  };
};

const untilFit = async (child: ChildProcess, address: string): Promise<void> => {
  const untilMs = performance.now() + READY_WITHIN_MS;
  while (performance.now() < untilMs && child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, READY_LOOK_MS));
  }
  throw new Error('the bridge was started and did not become ready');
};
