import { Controller } from '@nestjs/common';
import { GetVoiceHealthRequestSchema, GetVoiceHealthResponseSchema } from '@tradeline/contracts';
import { RpcClient } from '@tradeline/messaging';
import { z } from 'zod';
import { orProblem } from '../../http/messages.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { showVoiceHealth, voiceHealth } from './health-shapes.js';

const WINDOW_SECONDS = { '1h': 3_600, '24h': 86_400, '7d': 604_800 } as const;

export const getVoiceHealth = route({
  method: 'get',
  path: '/v1/metrics/voice-health',
  tag: 'metrics',
  summary: 'Read how well calls were served',
  description:
    'Over a rolling window that ends now. "trend" sets the last hour against the same hour a week before, whatever the window. ' +
    'A turn of the level over 24h is also a live event, metrics.v1.voice-health-changed.',
  needs: 'metrics:read',
  query: z.strictObject({ window: z.enum(['1h', '24h', '7d'], 'Must be 1h, 24h or 7d').default('24h') }),
  response: voiceHealth,
  problems: [503],
});

@Controller()
export class ShowMetricsController {
  constructor(private readonly rpc: RpcClient) {}

  @Serve(getVoiceHealth)
  async voiceHealth({ caller, query }: Input<typeof getVoiceHealth>): Promise<Output<typeof getVoiceHealth>> {
    const init = { tenantId: caller.tenantId, windowSeconds: WINDOW_SECONDS[query.window] };
    const asking = this.rpc.ask(GetVoiceHealthRequestSchema, GetVoiceHealthResponseSchema, init);
    return showVoiceHealth(query.window, await orProblem(asking, 'metric'));
  }
}
