import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ServiceEnv } from './env.js';
import { HealthController } from './http/health.controller.js';
import { NestLogLines } from './http/nest-log-lines.js';
import { ProblemFilter } from './http/problem-filter.js';
import { Runtime, RuntimeModule } from './runtime.js';
import { configureLog, log } from './telemetry/log.js';
import { shutdownTelemetry } from './telemetry/shutdown.js';

export interface ServiceDefinition {
  /** The service's name on logs, spans and the bus, e.g. "lead-qualifier". */
  readonly name: string;
  readonly module: Type | DynamicModule;
  readonly env: ServiceEnv;
  /** The largest request body that is read, in bytes; larger ones get 413. */
  readonly maxBodyBytes?: number;
  /** Runs before the service listens: connect the bus, add middleware. */
  readonly configure?: (app: NestExpressApplication, runtime: Runtime) => Promise<void> | void;
}

export interface RunningService {
  readonly app: NestExpressApplication;
  readonly runtime: Runtime;
  /** Where it listens, e.g. "http://127.0.0.1:41873". */
  readonly url: string;
  /** Drains, closes and flushes; never rejects, and a second call waits for the first. */
  stop(): Promise<void>;
}

/** Webhooks and API requests are a few kilobytes; a bound far above them keeps a stranger from filling the memory. */
const MAX_BODY_BYTES = 256 * 1024;
/** A client that dribbles its request would otherwise hold a socket for ever. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than a proxy in front keeps its idle connections, so the proxy closes first and never meets a closed socket. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** What requests in hand get after the drain hooks, before their sockets are destroyed. */
const IN_FLIGHT_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** Ctrl-C reaches us from the terminal and again from whoever started us: signals this close together are one wish. */
const ONE_WISH_MS = 1_000;

const settledWithin = (promise: Promise<unknown>, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    promise.then(done, (error: unknown) => {
      log.warn('close_failed', { error });
      done();
    });
  });

const createApp = async (
  definition: ServiceDefinition,
  runtime: Runtime,
): Promise<NestExpressApplication> => {
  @Module({ imports: [RuntimeModule.for(runtime), definition.module], controllers: [HealthController] })
  class ServiceModule {}

  const app = await NestFactory.create<NestExpressApplication>(ServiceModule, {
    logger: new NestLogLines(),
    abortOnError: false,
    bodyParser: false,
    rawBody: true,
    forceCloseConnections: true,
  });
  const limit = definition.maxBodyBytes ?? MAX_BODY_BYTES;
  app.useBodyParser('json', { limit });
  // Webhook forms are flat, and their signatures cover the names as they stand: brackets must not be read as structure.
  app.useBodyParser('urlencoded', { limit, extended: false, parameterLimit: 200 });
  app.disable('x-powered-by');
  app.useGlobalFilters(new ProblemFilter());
  return app;
};

const listen = async (
  app: NestExpressApplication,
  { HOST, PORT }: ServiceEnv,
): Promise<{ url: string; port: number }> => {
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  await app.listen(PORT, HOST);
  const { port } = server.address() as AddressInfo;
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port };
};

const close = async (app: NestExpressApplication): Promise<void> => {
  const server = app.getHttpServer();
  const idle = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await settledWithin(idle, IN_FLIGHT_TIMEOUT_MS);
  if (!(await settledWithin(app.close(), CLOSE_TIMEOUT_MS)))
    log.warn('close_timed_out', { timeoutMs: CLOSE_TIMEOUT_MS });
  await settledWithin(shutdownTelemetry(), IN_FLIGHT_TIMEOUT_MS);
};

/** Listens for process events; the returned function lets go of them. */
const listenTo = (
  events: readonly string[],
  listener: (event: string, detail: unknown) => void,
): (() => void) => {
  const listeners = events.map((event) => ({ event, listen: (detail: unknown) => listener(event, detail) }));
  for (const { event, listen } of listeners) process.on(event, listen);
  return () => {
    for (const { event, listen } of listeners) process.off(event, listen);
  };
};

/** A failure nobody handled leaves the process in an unknown state: say so and go; whoever started it starts another. */
const exitOnUnhandled = (): (() => void) =>
  listenTo(['uncaughtException', 'unhandledRejection'], (event, error) => {
    log.error('unhandled_failure', { kind: event, error });
    process.exit(1);
  });

const stopOnSignals = (stop: () => Promise<void>): (() => void) => {
  let askedAtMs: number | undefined;
  return listenTo(['SIGTERM', 'SIGINT'], (signal) => {
    if (askedAtMs !== undefined) {
      if (performance.now() - askedAtMs > ONE_WISH_MS) process.exit(1);
      return;
    }
    askedAtMs = performance.now();
    log.info('stopping', { signal });
    void stop().then(() => process.exit(0));
  });
};

/**
 * Runs a Nest module as one of our services: JSON logs, `GET /health/live` and `/health/ready`, problem documents,
 * bounded bodies and time-outs; SIGTERM and SIGINT drain it, and asked again a second later it goes at once.
 * When it listens it logs "listening", and tells a parent process `{ ready: true, url, port, instance }`.
 */
export const runService = async (definition: ServiceDefinition): Promise<RunningService> => {
  const { name, env } = definition;
  configureLog(name, env.INSTANCE_ID, env.LOG_LEVEL);
  const letGo = [exitOnUnhandled()];
  const runtime = new Runtime(env.INSTANCE_ID);
  const app = await createApp(definition, runtime);

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= runtime
      .drain(env.DRAIN_TIMEOUT_MS)
      .then(() => close(app))
      .finally(() => letGo.forEach((release) => release()));
    return stopping;
  };
  letGo.push(stopOnSignals(stop));

  await definition.configure?.(app, runtime);
  const { url, port } = await listen(app, env);
  log.info('listening', { url, port });
  process.send?.({ ready: true, url, port, instance: env.INSTANCE_ID });
  return { app, runtime, url, stop };
};
