import { type Level, USUAL_WINDOW_SECONDS } from '../domain/voice-health.js';
import type { MetricsTx } from './prisma.js';

const LEVELS: readonly Level[] = ['no_data', 'ok', 'warn', 'critical'];

/** The level that was last judged of one tenant. Its row is the lock under which the tenant's rollups change. */
export class HealthStateRepository {
  constructor(
    private readonly tx: MetricsTx,
    private readonly tenantId: string,
  ) {}

  /** Waits until nobody else changes this tenant's rollups, and keeps others from it until the transaction ends. */
  async lock(): Promise<Level> {
    await this.tx.$executeRawUnsafe(
      'INSERT INTO voice_health_states (tenant_id, window_seconds) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      this.tenantId,
      USUAL_WINDOW_SECONDS,
    );
    const [row] = await this.tx.$queryRawUnsafe<{ level: string }[]>(
      'SELECT level FROM voice_health_states WHERE window_seconds = $1 FOR UPDATE',
      USUAL_WINDOW_SECONDS,
    );
    return LEVELS.find((level) => level === row?.level) ?? 'no_data';
  }

  async turn(level: Level, since: Date): Promise<void> {
    await this.tx.$executeRawUnsafe(
      'UPDATE voice_health_states SET level = $1, since = $2 WHERE window_seconds = $3',
      level,
      since,
      USUAL_WINDOW_SECONDS,
    );
  }
}
