import { z } from 'zod';
import { CONVERSATION_ITEM, ITEM_REFERENCE } from './item-schema.js';

const AUDIO_FORMAT = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).optional() }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') }),
]);

const TURN_DETECTION = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).optional(),
    prefix_padding_ms: z.int().min(0).optional(),
    silence_duration_ms: z.int().min(0).optional(),
    idle_timeout_ms: z.int().min(5_000).max(30_000).nullish(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).optional(),
    create_response: z.boolean().optional(),
    interrupt_response: z.boolean().optional(),
  }),
]);

const TRANSCRIPTION = z.strictObject({
  model: z.string().optional(),
  language: z.string().optional(),
  languages: z.array(z.string()).optional(),
  keywords: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const NOISE_REDUCTION = z.strictObject({
  type: z.enum(['near_field', 'far_field']).optional(),
  strength: z.number().optional(),
});
const VOICE = z.union([z.string(), z.strictObject({ id: z.string() })]);

const AUDIO = z.strictObject({
  input: z
    .strictObject({
      format: AUDIO_FORMAT.optional(),
      transcription: TRANSCRIPTION.nullish(),
      noise_reduction: NOISE_REDUCTION.nullish(),
      turn_detection: TURN_DETECTION.nullish(),
    })
    .optional(),
  output: z
    .strictObject({
      format: AUDIO_FORMAT.optional(),
      voice: VOICE.optional(),
      speed: z.number().min(0.25).max(1.5).optional(),
    })
    .optional(),
});

const FUNCTION_TOOL = z.strictObject({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/u),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});
const MCP_TOOL = z.looseObject({ type: z.literal('mcp'), server_label: z.string() });
const TOOLS = z.array(z.discriminatedUnion('type', [FUNCTION_TOOL, MCP_TOOL]));

const TOOL_CHOICE = z.union([
  z.enum(['none', 'auto', 'required']),
  z.strictObject({ type: z.literal('function'), name: z.string() }),
  z.looseObject({ type: z.literal('mcp'), server_label: z.string() }),
]);

/** The API speaks or writes in one response, never both. */
const MODALITIES = z.tuple([z.enum(['audio', 'text'])]);
const MAX_OUTPUT_TOKENS = z.union([z.literal('inf'), z.int().min(1).max(4_096)]);
const REASONING = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
});

const TRUNCATION = z.union([
  z.enum(['auto', 'disabled']),
  z.strictObject({
    type: z.literal('retention_ratio'),
    retention_ratio: z.number().min(0).max(1),
    token_limits: z.strictObject({ post_instructions: z.int().min(0).optional() }).optional(),
  }),
]);

const TRACING = z.union([
  z.literal('auto'),
  z.strictObject({
    workflow_name: z.string().optional(),
    group_id: z.string().optional(),
    metadata: z.unknown().optional(),
  }),
]);

export const SESSION = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().optional(),
  output_modalities: MODALITIES.optional(),
  instructions: z.string().optional(),
  audio: AUDIO.optional(),
  tools: TOOLS.optional(),
  tool_choice: TOOL_CHOICE.optional(),
  max_output_tokens: MAX_OUTPUT_TOKENS.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: REASONING.optional(),
  prompt: z.looseObject({ id: z.string() }).nullish(),
  tracing: TRACING.nullish(),
  truncation: TRUNCATION.optional(),
  include: z.array(z.literal('item.input_audio_transcription.logprobs')).nullish(),
});

export const RESPONSE_PARAMS = z.strictObject({
  conversation: z.string().optional(),
  input: z.array(z.union([ITEM_REFERENCE, CONVERSATION_ITEM])).optional(),
  instructions: z.string().optional(),
  output_modalities: MODALITIES.optional(),
  audio: z
    .strictObject({
      output: z.strictObject({ format: AUDIO_FORMAT.optional(), voice: VOICE.optional() }).optional(),
    })
    .optional(),
  tools: TOOLS.optional(),
  tool_choice: TOOL_CHOICE.optional(),
  max_output_tokens: MAX_OUTPUT_TOKENS.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: REASONING.optional(),
  prompt: z.looseObject({ id: z.string() }).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
});
