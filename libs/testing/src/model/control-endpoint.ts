import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { FAULT_NAMES } from './faults.js';
import type { FakeOpenAiControl } from './fake-open-ai.js';
import { pathOf, readJson, sendJson, type Endpoint } from './http-answers.js';
import type { ModelWorld } from './model-world.js';

const MS = z.number().min(0).optional();
const CHANGE = z.strictObject({
  delays: z
    .strictObject({ connectMs: MS, firstAudioMs: MS, transcriptionMs: MS, responsesMs: MS })
    .optional(),
  /** Replaces the faults in force; an empty list heals. */
  faults: z.array(z.strictObject({ name: z.enum(FAULT_NAMES), times: z.int().min(1).optional() })).optional(),
  toolStyle: z.enum(['with-speech', 'calls-only', 'mixed']).optional(),
  audioSpeed: z.number().positive().optional(),
  sessions: z.enum(['expire', 'cut']).optional(),
});

/** `GET <prefix>/_control` shows, `PUT <prefix>/_control` changes how the model behaves while it runs. */
export class ControlEndpoint implements Endpoint {
  constructor(
    private readonly world: ModelWorld,
    private readonly control: FakeOpenAiControl,
  ) {}

  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!pathOf(request).endsWith('/_control')) return false;
    if (request.method === 'GET') this.show(response);
    else if (request.method === 'PUT') void this.change(request, response);
    else sendJson(response, 405, { error: 'GET or PUT' });
    return true;
  }

  close(): void {
    // Nothing is left waiting.
  }

  private show(response: ServerResponse): void {
    const { delays, faults, toolStyle, audioSpeed } = this.world;
    sendJson(response, 200, {
      delays,
      faults: faults.list(),
      toolStyle,
      audioSpeed,
      sessions: this.control.sessions(),
    });
  }

  private async change(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const change = CHANGE.safeParse(await readJson(request).catch(() => undefined));
    if (!change.success) {
      sendJson(response, 400, { error: z.prettifyError(change.error) });
      return;
    }
    const { delays, faults, toolStyle, audioSpeed, sessions } = change.data;
    if (delays) this.control.setDelays(withoutUndefined(delays));
    if (faults) this.world.faults.replace(faults.map(withoutUndefined));
    if (toolStyle) this.control.setToolStyle(toolStyle);
    if (audioSpeed) this.control.setAudioSpeed(audioSpeed);
    if (sessions === 'expire') this.control.expireSessions();
    if (sessions === 'cut') this.control.cutSessions();
    this.show(response);
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
