import type { CallFact, LeadFact, StreamFact } from '../domain/facts.js';
import { median } from '../domain/voice-health.js';
import type { MetricsTx } from './prisma.js';
import { RollupRepository } from './rollup.repository.js';

/** The fact tables of one tenant: each row is keyed by the id of what it is about, so that no fact counts twice. */
export class FactRepository {
  constructor(
    private readonly tx: MetricsTx,
    private readonly tenantId: string,
  ) {}

  /** The caller holds the tenant's lock. */
  async saveStream({ callId, turns, handshakeMs, overlapMs, ...fact }: StreamFact): Promise<void> {
    const { tenantId } = this;
    const before = await this.tx.voiceStreamLog.findFirst({ where: { callId } });
    if (before?.rolledUp) await new RollupRepository(this.tx, tenantId).reopenDayOf(before.startedAt);
    const firstByteMs = median(turns.map((turn) => turn.firstByteMs));
    const row = {
      ...fact,
      rolledUp: false,
      overlapMs: BigInt(overlapMs),
      connectedAt: fact.connectedAt ?? null,
      elapsedMs: handshakeMs ?? null,
      twilioStart: fact.twilioStart ?? null,
      openaiConnect: fact.openaiConnect ?? null,
      openaiConnectMs: fact.openaiConnectMs ?? null,
      greetingMs: fact.greetingMs ?? null,
      firstByteLatencyMs: firstByteMs === undefined ? null : Math.round(firstByteMs),
    };
    const key = { tenantId_callId: { tenantId, callId } };
    await this.tx.voiceStreamLog.upsert({ where: key, create: { tenantId, callId, ...row }, update: row });
    await this.tx.voiceTurnTiming.deleteMany({ where: { callId } });
    await this.tx.voiceTurnTiming.createMany({
      data: turns.map((turn) => ({
        tenantId,
        callId,
        turn: turn.turn,
        firstByteMs: turn.firstByteMs,
        heardGapMs: turn.heardGapMs ?? null,
        startedAt: fact.startedAt,
      })),
      skipDuplicates: true,
    });
  }

  async saveCall({ callId, durationMs, ...fact }: CallFact): Promise<void> {
    const { tenantId } = this;
    const row = { ...fact, durationMs: BigInt(durationMs) };
    const key = { tenantId_callId: { tenantId, callId } };
    await this.tx.callFact.upsert({ where: key, create: { tenantId, callId, ...row }, update: row });
  }

  async saveLead({ leadId, ...fact }: LeadFact): Promise<void> {
    const { tenantId } = this;
    const row = {
      ...fact,
      category: fact.category ?? null,
      score: fact.score ?? null,
      dismissal: fact.dismissal ?? null,
    };
    const key = { tenantId_leadId: { tenantId, leadId } };
    await this.tx.leadFact.upsert({ where: key, create: { tenantId, leadId, ...row }, update: row });
  }
}
