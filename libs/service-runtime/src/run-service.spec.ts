import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request } from 'express';
import { parseEnv, serviceEnv } from './env.js';
import { PublicError } from './failures.js';
import { runService } from './run-service.js';
import type { RunningService } from './run-service.js';
import { Runtime } from './runtime.js';

@Controller('things')
class ThingsController {
  constructor(private readonly runtime: Runtime) {}

  @Get('refused')
  refused(): never {
    throw new PublicError(409, 'Number taken', 'The number is in use.', {
      internal: 'by tn_other',
      extensions: { number: 1 },
      headers: { 'retry-after': '5' },
    });
  }

  @Get('broken')
  broken(): never {
    throw new Error(`secret of ${this.runtime.instance}`);
  }

  @Post('echo')
  echo(@Body() body: unknown, @Req() request: RawBodyRequest<Request>): object {
    return { body, raw: request.rawBody?.toString() };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('runService', () => {
  let service: RunningService;
  let ready = false;

  beforeAll(async () => {
    service = await runService({
      name: 'things',
      module: ThingsModule,
      env: parseEnv(serviceEnv, { LOG_LEVEL: 'silent', INSTANCE_ID: 'i1' }),
      maxBodyBytes: 1_000,
      configure: (_app, runtime) => runtime.readiness.register('settings', () => ready || 'reading settings'),
    });
  });

  afterAll(() => service.stop());

  const get = async (
    path: string,
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> => {
    const response = await fetch(`${service.url}${path}`);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };

  it('is alive at once, and ready when its checks pass', async () => {
    expect((await get('/health/live')).status).toBe(200);
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { reasons: { settings: 'reading settings' } },
    });
    ready = true;
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('shows a public error as a problem document, and not its inner message', async () => {
    const { status, headers, body } = await get('/things/refused');
    expect(status).toBe(409);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('retry-after')).toBe('5');
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Number taken',
      status: 409,
      detail: 'The number is in use.',
      number: 1,
    });
  });

  it('shows nothing of any other error', async () => {
    expect((await get('/things/broken')).body).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
    });
    expect((await get('/nowhere')).body).toEqual({ type: 'about:blank', title: 'Not Found', status: 404 });
  });

  it('does not say what it is built with', async () => {
    expect((await get('/health/live')).headers.get('x-powered-by')).toBeNull();
  });

  it('reads forms as flat pairs and keeps the raw body for signatures', async () => {
    const response = await fetch(`${service.url}/things/echo`, {
      method: 'POST',
      headers: form,
      body: 'CallSid=CA1&A%5Bb%5D=c',
    });
    expect(await response.json()).toEqual({
      body: { CallSid: 'CA1', 'A[b]': 'c' },
      raw: 'CallSid=CA1&A%5Bb%5D=c',
    });
  });

  it('refuses bodies that are too large or malformed', async () => {
    const post = (body: string) =>
      fetch(`${service.url}/things/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await post(JSON.stringify('x'.repeat(2_000)))).status).toBe(413);
    expect((await post('{"a":')).status).toBe(400);
  });

  it('bounds how long a request may dribble in', () => {
    const server = service.app.getHttpServer();
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  });

  it('says that it drains before it closes, and then refuses connections', async () => {
    let during = 0;
    service.runtime.onDrain('look', async () => {
      during = (await get('/health/ready')).status;
    });
    await service.stop();
    expect(during).toBe(503);
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow();
  });
});
