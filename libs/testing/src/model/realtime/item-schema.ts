import { z } from 'zod';

const ANY_ITEM = {
  id: z.string().max(32).optional(),
  object: z.literal('realtime.item').optional(),
  status: z.enum(['completed', 'incomplete', 'in_progress']).optional(),
};

const MESSAGE = z.discriminatedUnion('role', [
  z.strictObject({
    ...ANY_ITEM,
    type: z.literal('message'),
    role: z.literal('system'),
    content: z.array(z.strictObject({ type: z.literal('input_text'), text: z.string() })),
  }),
  z.strictObject({
    ...ANY_ITEM,
    type: z.literal('message'),
    role: z.literal('user'),
    content: z.array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('input_text'), text: z.string() }),
        z.strictObject({
          type: z.literal('input_audio'),
          audio: z.string(),
          transcript: z.string().optional(),
        }),
        z.strictObject({
          type: z.literal('input_image'),
          image_url: z.string(),
          detail: z.enum(['auto', 'low', 'high']).optional(),
        }),
      ]),
    ),
  }),
  // What the assistant said aloud cannot be put into its mouth: only text can.
  z.strictObject({
    ...ANY_ITEM,
    type: z.literal('message'),
    role: z.literal('assistant'),
    content: z.array(z.strictObject({ type: z.literal('output_text'), text: z.string() })),
  }),
]);

export const CONVERSATION_ITEM = z.discriminatedUnion('type', [
  MESSAGE,
  z.strictObject({
    ...ANY_ITEM,
    type: z.literal('function_call'),
    name: z.string(),
    arguments: z.string(),
    call_id: z.string().optional(),
  }),
  z.strictObject({
    ...ANY_ITEM,
    type: z.literal('function_call_output'),
    call_id: z.string(),
    output: z.string(),
  }),
]);

export const ITEM_REFERENCE = z.strictObject({ type: z.literal('item_reference'), id: z.string() });
