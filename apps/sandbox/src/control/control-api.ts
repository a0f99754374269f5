import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FilePart } from '@tradeline/testing';
import { z } from 'zod';
import type { Party } from '../http-origin.js';
import { scenarioShape, type Scenario } from '../scenarios/scenario.js';
import { answer, readJson } from './json-http.js';
import type { PlacedCall, ScenarioPlayer } from './scenario-player.js';

const callOrder = z.strictObject({
  /** One of ours by its name, or a whole one. */
  scenario: z.union([z.string().min(1), scenarioShape]),
  to: z.string().min(1),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  from: z.string().min(1).optional(),
  /** Lines of type `recorded` bring a WAV file of the call, part by part. */
  record: z.boolean().default(false),
});

/** What a reader of a recording may leave unread before he counts as gone: half a minute of it. */
const MAX_UNREAD_BYTES = 1_500_000;

/** How people and tools make the outside world do something: `/control/scenarios`, `/control/calls`, `/control/notices`. */
export class ControlApi implements Party {
  constructor(
    private readonly scenarios: readonly Scenario[],
    private readonly player: ScenarioPlayer,
    private readonly notices: () => readonly unknown[],
  ) {}

  handleHttp(request: IncomingMessage, response: ServerResponse): boolean {
    const route = `${request.method} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
    switch (route) {
      case 'GET /control/scenarios':
        answer(
          response,
          200,
          this.scenarios.map(({ name, language, title, demo, expected }) => ({
            name,
            language,
            title,
            demo,
            expected,
          })),
        );
        return true;
      case 'GET /control/notices':
        answer(response, 200, this.notices());
        return true;
      case 'POST /control/calls':
        void this.placeCall(request, response);
        return true;
      default:
        return false;
    }
  }

  private named(name: string): Scenario | undefined {
    return this.scenarios.find((candidate) => candidate.name === name);
  }

  /** Answers with one JSON line per thing that happens, until the call is over. Whoever stops reading hangs up. */
  private async placeCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const order = callOrder.safeParse(await readJson(request));
    if (!order.success) return answer(response, 400, { error: z.prettifyError(order.error) });
    const { scenario: wanted, to, publicUrl, from, record } = order.data;
    const scenario = typeof wanted === 'string' ? this.named(wanted) : { ...wanted, name: 'given' };
    if (!scenario)
      return answer(response, 404, {
        error: `there is no scenario "${String(wanted)}"; there are ${this.scenarios.map((known) => known.name).join(', ')}`,
      });
    let placed: PlacedCall;
    response.setHeader('content-type', 'application/x-ndjson');
    response.setHeader('cache-control', 'no-store');
    const write = (line: object): void => {
      response.write(`${JSON.stringify(line)}\n`);
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    };
    const recorded = ({ at, bytes }: FilePart): void =>
      write({ type: 'recorded', at, bytes: Buffer.from(bytes).toString('base64') });
    try {
      placed = this.player.place(
        scenario,
        { to, publicUrl, from, record: record ? recorded : undefined },
        write,
      );
    } catch (error) {
      return answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
    response.on('close', () => placed.hangUp());
    await placed.over;
    response.end();
  }
}
