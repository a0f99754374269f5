import { Injectable } from '@nestjs/common';
import { VoiceHealthChangedSchema } from '@tradeline/contracts';
import { appendEvent } from '@tradeline/messaging';
import { TenantKeys } from '@tradeline/service-runtime';
import { HealthStateRepository } from '../../database/health-state.repository.js';
import type { MetricsTx } from '../../database/prisma.js';
import { VoiceHealthRepository } from '../../database/voice-health.repository.js';
import { Clock } from '../../domain/clock.js';
import { findingMessage, LEVELS } from '../../domain/health-messages.js';
import { trendOf } from '../../domain/trend.js';
import {
  type Finding,
  findingsOf,
  type Level,
  turned,
  USUAL_WINDOW_SECONDS,
} from '../../domain/voice-health.js';
import { healthTurned } from '../../telemetry.js';

/** Says when a tenant's voice health turns, in the transaction of the fact that turned it. */
@Injectable()
export class JudgeHealth {
  constructor(
    private readonly keys: TenantKeys,
    private readonly clock: Clock,
  ) {}

  /** @param current the level that is stored; the caller holds the tenant's lock. */
  async judge(tx: MetricsTx, tenantId: string, current: Level): Promise<void> {
    const now = this.clock.now();
    const findings = await this.#findings(tx, now.getTime());
    const level = turned(current, findings);
    if (level === current) return;
    await new HealthStateRepository(tx, tenantId).turn(level, now);
    // The first calls of a tenant are no news when all is well.
    if (current === 'no_data' && level === 'ok') return;
    const init = {
      level: LEVELS[level],
      before: LEVELS[current],
      windowSeconds: USUAL_WINDOW_SECONDS,
      findings: findings
        .filter((finding) => finding.level === 'warn' || finding.level === 'critical')
        .map(findingMessage),
    };
    await appendEvent(tx, this.keys, VoiceHealthChangedSchema, init, { tenantId, occurredAt: now });
    healthTurned(level, current);
  }

  async #findings(tx: MetricsTx, now: number): Promise<Finding[]> {
    const health = new VoiceHealthRepository(tx);
    // A millisecond is the least that is told apart, so what starts now is still within.
    const until = now + 1;
    const figures = await health.window({ from: now - USUAL_WINDOW_SECONDS * 1_000, until });
    const { handshake, firstByte } = await health.hours(until);
    return [
      ...findingsOf(figures.total()),
      trendOf('handshake_trend', handshake.before, handshake.now).finding,
      trendOf('first_byte_trend', firstByte.before, firstByte.now).finding,
    ];
  }
}
