import { Controller } from '@nestjs/common';
import {
  GetVoiceHealthRequestSchema,
  GetVoiceHealthResponseSchema,
  HealthLevel,
  type Percentiles,
} from '@tradeline/contracts';
import { RpcClient } from '@tradeline/messaging';
import { z } from 'zod';
import { enumWord, isoTime, orProblem } from '../../http/messages.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { time } from '../../http/shapes.js';

const WINDOW_SECONDS = { '1h': 3_600, '24h': 86_400, '7d': 604_800 } as const;

const level = z.enum(['ok', 'warn', 'critical', 'no_data', 'unspecified']);

const percentiles = z
  .object({
    p50Ms: z.number(),
    p95Ms: z.number(),
    p99Ms: z.number(),
    count: z.number().int().meta({ description: 'How many were measured' }),
    thresholdMs: z.number().meta({ description: 'The P95 that must not be passed; 0 when there is none' }),
    level,
  })
  .meta({ id: 'Percentiles', description: 'Milliseconds; exact, not estimated.' });

export const getVoiceHealth = route({
  method: 'get',
  path: '/v1/metrics/voice-health',
  tag: 'metrics',
  summary: 'Read how quickly calls were answered',
  description: 'Over a rolling window that ends now.',
  needs: 'metrics:read',
  query: z.strictObject({ window: z.enum(['1h', '24h', '7d'], 'Must be 1h, 24h or 7d').default('24h') }),
  response: z
    .object({
      window: z.string(),
      measuredAt: time.nullable(),
      level,
      handshake: percentiles
        .nullable()
        .meta({ description: 'Webhook received to media stream ready both ways' }),
      firstByte: percentiles
        .nullable()
        .meta({ description: "End of the caller's turn declared to first audio of the answer" }),
      heardGap: percentiles
        .nullable()
        .meta({ description: "Caller's last speech frame to the answer being heard" }),
      calls: z.number().int(),
      fellBack: z.number().int(),
      silenceNudges: z.number().int(),
      messagesIn: z.number().int(),
      messagesOut: z.number().int(),
    })
    .meta({ id: 'VoiceHealth' }),
  problems: [503],
});

const levelWord = (value: HealthLevel) => enumWord(HealthLevel, value) as z.input<typeof level>;

const shown = (from: Percentiles | undefined): z.input<typeof percentiles> | null =>
  from
    ? {
        p50Ms: from.p50Ms,
        p95Ms: from.p95Ms,
        p99Ms: from.p99Ms,
        count: Number(from.count),
        thresholdMs: from.thresholdMs,
        level: levelWord(from.level),
      }
    : null;

@Controller()
export class ShowMetricsController {
  constructor(private readonly rpc: RpcClient) {}

  @Serve(getVoiceHealth)
  async voiceHealth({ caller, query }: Input<typeof getVoiceHealth>): Promise<Output<typeof getVoiceHealth>> {
    const init = { tenantId: caller.tenantId, windowSeconds: WINDOW_SECONDS[query.window] };
    const asking = this.rpc.ask(GetVoiceHealthRequestSchema, GetVoiceHealthResponseSchema, init);
    const health = await orProblem(asking, 'metric');
    return {
      window: query.window,
      measuredAt: isoTime(health.measuredAt),
      level: levelWord(health.level),
      handshake: shown(health.handshake),
      firstByte: shown(health.firstByte),
      heardGap: shown(health.heardGap),
      calls: Number(health.calls),
      fellBack: Number(health.fellBack),
      silenceNudges: Number(health.silenceNudges),
      messagesIn: Number(health.messagesIn),
      messagesOut: Number(health.messagesOut),
    };
  }
}
