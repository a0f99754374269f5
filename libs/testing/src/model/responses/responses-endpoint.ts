import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import {
  bearerOf,
  INVALID_KEY,
  pathOf,
  RATE_LIMITED,
  readJson,
  sendError,
  sendJson,
  type ApiError,
  type Endpoint,
} from '../http-answers.js';
import { newModelId } from '../identifiers.js';
import type { ModelWorld } from '../model-world.js';
import { textTokens } from '../realtime/usage.js';
import { readTranscript } from './reading.js';
import { answerFor } from './schema-answer.js';
import { strictFault, type JsonSchema } from './schema-rules.js';
import { transcriptOf } from './transcript-of-input.js';

const CONTENT = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);
const REQUEST = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    z.string(),
    z.array(z.looseObject({ role: z.string().optional(), content: CONTENT.optional() })),
  ]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  text: z
    .looseObject({
      format: z
        .discriminatedUnion('type', [
          z.looseObject({ type: z.literal('text') }),
          z.looseObject({ type: z.literal('json_object') }),
          z.looseObject({
            type: z.literal('json_schema'),
            name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/u),
            schema: z.record(z.string(), z.unknown()),
            strict: z.boolean().nullish(),
          }),
        ])
        .optional(),
    })
    .nullish(),
});
type Request = z.infer<typeof REQUEST>;

/** `POST <prefix>/v1/responses`: reads the transcript in the input and answers in the form that is asked for. */
export class ResponsesEndpoint implements Endpoint {
  private readonly unanswered = new Set<ServerResponse>();

  constructor(private readonly world: ModelWorld) {}

  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!pathOf(request).endsWith('/v1/responses')) return false;
    if (request.method !== 'POST') sendJson(response, 405, { error: { message: 'POST only' } });
    else if (!this.world.accepts(bearerOf(request))) sendError(response, INVALID_KEY);
    else void this.answer(request, response);
    return true;
  }

  close(): void {
    for (const response of this.unanswered) response.destroy();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request).catch(() => undefined);
    const { faults } = this.world;
    if (faults.take('responses-hangs')) {
      this.unanswered.add(response);
      response.on('close', () => this.unanswered.delete(response));
      return;
    }
    if (faults.take('responses-rate-limited'))
      return sendError(response, RATE_LIMITED, { 'retry-after': '1' });
    if (faults.take('responses-failed'))
      return sendError(response, {
        status: 500,
        type: 'server_error',
        code: null,
        message: 'The server had an error while processing your request.',
      });
    const parsed = REQUEST.safeParse(body);
    const fault = parsed.success ? faultOf(parsed.data) : formFault(parsed.error);
    if (fault || !parsed.success) return sendError(response, fault ?? INVALID_KEY);
    this.world.clock.after(this.world.delays.responsesMs, () =>
      sendJson(response, 200, responseTo(parsed.data)),
    );
  }
}

function formFault(error: z.ZodError): ApiError {
  const issue = error.issues[0];
  const param = issue?.path.join('.') || null;
  return {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    message: issue?.message ?? 'Invalid request.',
    param,
  };
}

function faultOf(request: Request): ApiError | undefined {
  const invalid = (param: string, code: string, message: string): ApiError => ({
    status: 400,
    type: 'invalid_request_error',
    code,
    message,
    param,
  });
  if (request.stream)
    return invalid('stream', 'unsupported_value', 'The sandbox answers in one piece and does not stream.');
  const format = request.text?.format;
  if (format?.type !== 'json_schema' || !format.strict) return undefined;
  const fault = strictFault(format.schema);
  return fault
    ? invalid(
        'text.format.schema',
        'invalid_json_schema',
        `Invalid schema for response_format '${format.name}': ${fault}`,
      )
    : undefined;
}

function responseTo(request: Request): unknown {
  const input = textOf(request.input);
  const reading = readTranscript(transcriptOf(input));
  const format = request.text?.format;
  const text =
    format?.type === 'json_schema'
      ? JSON.stringify(answerFor(format.schema as JsonSchema, reading))
      : reading.callerText;
  const inputTokens = textTokens(input) + textTokens(request.instructions ?? '');
  return {
    id: newModelId('resp'),
    object: 'response',
    created_at: Math.floor(Date.now() / 1_000),
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: null,
    metadata: {},
    model: request.model,
    output: [
      {
        id: newModelId('msg'),
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
      },
    ],
    parallel_tool_calls: true,
    previous_response_id: null,
    temperature: 1,
    text: { format: format ?? { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: textTokens(text),
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + textTokens(text),
    },
  };
}

/** The words of the user's messages; what the developer says is about the task, not the call. */
function textOf(input: Request['input']): string {
  if (typeof input === 'string') return input;
  const messages = input.filter((message) => message.role === undefined || message.role === 'user');
  return messages
    .map(({ content = '' }) =>
      typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('\n'),
    )
    .join('\n');
}
