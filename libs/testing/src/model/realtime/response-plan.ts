import type { RealtimeAudioFormats, RealtimeResponseCreateParams } from 'openai/resources/realtime/realtime';
import type { DialogueContext, DialogueItem, DialogueTool } from '../dialogue/dialogue-turn.js';
import type { Entry } from './conversation.js';
import { Refusal } from './refusal.js';
import type { SessionConfig } from './session-config.js';

/** What one response is made from: the session's settings with those of its `response.create` on top. */
export interface ResponsePlan {
  readonly outOfBand: boolean;
  readonly modality: 'audio' | 'text';
  readonly format: RealtimeAudioFormats | undefined;
  readonly voice: string | undefined;
  readonly metadata: RealtimeResponseCreateParams['metadata'];
  readonly context: DialogueContext;
  /** For the count of tokens. */
  readonly entries: readonly Entry[];
  readonly maxOutputTokens: number | 'inf';
}

/** Throws `Refusal` when the request names an item that does not exist or a voice that cannot be used any more. */
export function planResponse(
  config: SessionConfig,
  entries: readonly Entry[],
  params: RealtimeResponseCreateParams = {},
  hasSpoken = false,
): ResponsePlan {
  const output = { ...config.audio.output, ...params.audio?.output };
  if (hasSpoken && JSON.stringify(output.voice) !== JSON.stringify(config.audio.output.voice)) {
    throw new Refusal(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
      'response.audio.output.voice',
    );
  }
  const used = params.input ? params.input.map((item, index) => inputEntry(item, index, entries)) : entries;
  const choice = params.tool_choice ?? config.tool_choice;
  return {
    outOfBand: params.conversation === 'none',
    modality: (params.output_modalities ?? config.output_modalities)[0] ?? 'audio',
    format: output.format,
    voice: typeof output.voice === 'string' ? output.voice : undefined,
    metadata: params.metadata,
    entries: used,
    maxOutputTokens: params.max_output_tokens ?? config.max_output_tokens ?? 'inf',
    context: {
      instructions: config.instructions,
      override: params.instructions,
      tools: choice === 'none' ? [] : toolsOf(params.tools ?? config.tools ?? []),
      items: used.flatMap(dialogueItem),
    },
  };
}

function inputEntry(item: unknown, index: number, entries: readonly Entry[]): Entry {
  const { type, id } = item as { type: string; id?: string };
  if (type !== 'item_reference') return { item: item as Entry['item'] };
  const entry = entries.find((known) => known.item.id === id);
  if (!entry)
    throw new Refusal(
      'item_reference_invalid_item_id',
      `The item with id '${String(id)}' does not exist.`,
      `response.input[${index}].id`,
    );
  return entry;
}

function toolsOf(tools: NonNullable<RealtimeResponseCreateParams['tools']>): DialogueTool[] {
  return tools.flatMap((tool) =>
    tool.type === 'function' && tool.name ? [{ name: tool.name, parameters: tool.parameters }] : [],
  );
}

function dialogueItem({ item, heard, said }: Entry): DialogueItem[] {
  switch (item.type) {
    case 'function_call':
      return [{ kind: 'call', name: item.name, arguments: item.arguments }];
    case 'function_call_output':
      return [{ kind: 'result', output: item.output }];
    case 'message': {
      const text = item.content
        .map((part) => ('text' in part ? (part.text ?? '') : ''))
        .join(' ')
        .trim();
      if (item.role === 'system') return [{ kind: 'system', text }];
      if (item.role === 'user') return [{ kind: 'caller', text: asSpoken(heard ?? text) }];
      return [{ kind: 'assistant', text: said ?? text }];
    }
    default:
      return [];
  }
}

/** What was pressed on the phone is understood as if it had been said; a text item says so of itself. */
function asSpoken(text: string): string {
  return text.replace(/^\(keypad\) /u, '');
}
