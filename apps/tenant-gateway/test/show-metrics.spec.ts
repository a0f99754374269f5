import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller, type INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  GetVoiceHealthRequestSchema,
  GetVoiceHealthResponseSchema,
  type GetVoiceHealthRequest,
  HealthLevel,
  HealthMeasure,
  VoiceHealthChangedSchema,
} from '@tradeline/contracts';
import { EventPublisher, OnRequest } from '@tradeline/messaging';
import { eventually } from '@tradeline/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { answerAs, Gateway } from './gateway-under-test.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

const handshake = {
  p50Ms: 210,
  p95Ms: 890.5,
  p99Ms: 1_400,
  count: 40n,
  thresholdMs: 1_500,
  level: HealthLevel.OK,
};

/** Stands in for the owner of figures: the tenant tn_a has some, others have none. */
@Controller()
class Metrics {
  @OnRequest(GetVoiceHealthRequestSchema, GetVoiceHealthResponseSchema)
  async health({ tenantId, windowSeconds }: GetVoiceHealthRequest) {
    const measuredAt = timestampFromDate(new Date('2026-11-22T10:00:00Z'));
    if (tenantId !== 'tn_a') return { windowSeconds, measuredAt, level: HealthLevel.NO_DATA };
    return {
      windowSeconds,
      measuredAt,
      level: HealthLevel.WARN,
      handshake,
      calls: 40n,
      fellBack: 3n,
      modelErrors: 1n,
      falseInterruptions: 2n,
      overlapMs: 12_340n,
      languages: [{ name: 'fr-CA', calls: 40n, handshake }],
      adapters: [{ name: 'openai-realtime', calls: 40n }],
      findings: [
        {
          measure: HealthMeasure.FALLBACK_RATE,
          value: 0.075,
          warnAbove: 0.05,
          criticalAbove: 0.1,
          count: 40n,
          level: HealthLevel.WARN,
        },
      ],
      handshakeTrend: {
        beforeP95Ms: 500,
        beforeCount: 30n,
        nowP95Ms: 800,
        nowCount: 40n,
        factor: 1.6,
        warnAbove: 1.5,
        level: HealthLevel.WARN,
      },
      relativeAccuracy: 0.005,
    };
  }
}

let gateway: Gateway;
let metrics: INestApplication;
let keyA: string;
let keyB: string;

beforeAll(async () => {
  gateway = await Gateway.start();
  metrics = await answerAs(gateway.nats, 'metrics-aggregator', Metrics);
  keyA = await gateway.createTenant('Alpha Plumbing', 'tn_a');
  keyB = await gateway.createTenant('Beta Electric', 'tn_b');
});
afterAll(async () => {
  await metrics.close();
  await gateway.stop();
});

describe('voice health', () => {
  it('shows every clock, count, finding and trend', async () => {
    const { status, body } = await gateway.ask('GET', '/v1/metrics/voice-health?window=7d', keyA);
    const shown = { ...handshake, count: 40, level: 'ok' };
    expect(status).toBe(200);
    expect(body).toMatchObject({
      window: '7d',
      measuredAt: '2026-11-22T10:00:00.000Z',
      level: 'warn',
      handshake: shown,
      greeting: null,
      calls: 40,
      fallbackRate: 0.075,
      modelErrorRate: 0.025,
      falseInterruptions: 2,
      overlapSeconds: 12.34,
      languages: [{ name: 'fr-CA', calls: 40, handshake: shown, heardGap: null }],
      adapters: [{ name: 'openai-realtime', calls: 40 }],
      findings: [
        { measure: 'fallback_rate', value: 0.075, warnAbove: 0.05, criticalAbove: 0.1, level: 'warn' },
      ],
      trend: { handshake: { factor: 1.6, level: 'warn' }, firstByte: null },
      relativeAccuracy: 0.005,
    });
  });

  it('of a tenant without calls is no data, and no other tenant’s', async () => {
    const { body } = await gateway.ask('GET', '/v1/metrics/voice-health', keyB);
    expect(body).toMatchObject({ window: '24h', level: 'no_data', calls: 0, fallbackRate: 0, languages: [] });
  });

  it('is offered for three windows', async () => {
    expect((await gateway.ask('GET', '/v1/metrics/voice-health?window=1h', keyA)).status).toBe(200);
    expect((await gateway.ask('GET', '/v1/metrics/voice-health?window=2h', keyA)).status).toBe(400);
  });

  it('is what the description says', async () => {
    const { body } = await gateway.ask('GET', '/openapi.json');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(body, 'api');
    const validate = ajv.compile({ $ref: 'api#/components/schemas/VoiceHealth' });
    for (const key of [keyA, keyB]) {
      const sent = (await gateway.ask('GET', '/v1/metrics/voice-health', key)).body;
      expect({ ok: validate(sent), errors: validate.errors }).toEqual({ ok: true, errors: null });
    }
  });

  it('is told live when it turns', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${gateway.url}/v1/events`, {
      headers: { Authorization: `Bearer ${keyA}` },
      signal: leaving.signal,
    });
    let seen = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) seen += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await eventually(() => expect(seen).toContain(': connected'));
    const init = { level: HealthLevel.CRITICAL, before: HealthLevel.OK, windowSeconds: 86_400 };
    await metrics.get(EventPublisher).publish(VoiceHealthChangedSchema, init, { tenantId: 'tn_a' });
    await eventually(() => expect(seen).toContain('event: metrics.v1.voice-health-changed'));
    expect(seen).toContain('"level":"HEALTH_LEVEL_CRITICAL"');
    leaving.abort();
    await reading;
  });
});
