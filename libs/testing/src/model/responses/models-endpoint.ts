import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerOf, INVALID_KEY, pathOf, sendError, sendJson, type Endpoint } from '../http-answers.js';
import type { ModelWorld } from '../model-world.js';

const MODELS = ['gpt-realtime-2.1', 'gpt-realtime-2.1-mini', 'gpt-realtime-1.5', 'gpt-5-mini'];
const CREATED_AT = 1_780_000_000;

/** `GET <prefix>/v1/models`, which clients use to see whether a key is good. */
export class ModelsEndpoint implements Endpoint {
  constructor(private readonly world: ModelWorld) {}

  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!pathOf(request).endsWith('/v1/models') || request.method !== 'GET') return false;
    if (!this.world.accepts(bearerOf(request))) sendError(response, INVALID_KEY);
    else
      sendJson(response, 200, {
        object: 'list',
        data: MODELS.map((id) => ({ id, object: 'model', created: CREATED_AT, owned_by: 'system' })),
      });
    return true;
  }

  close(): void {
    // Nothing is left waiting.
  }
}
