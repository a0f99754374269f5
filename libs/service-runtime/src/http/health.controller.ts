import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Runtime } from '../runtime.js';

/** What whoever runs the process asks: is it alive, and may it be given work. */
@Controller('health')
export class HealthController {
  constructor(private readonly runtime: Runtime) {}

  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** 200 when ready; 503 with the reason of each check that fails. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<object> {
    const reasons = await this.runtime.reasonsNotReady();
    if (Object.keys(reasons).length === 0) return { status: 'ready' };
    response.status(503);
    return { status: 'not ready', reasons };
  }
}
