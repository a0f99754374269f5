import type { ConversationItem } from 'openai/resources/realtime/realtime';
import { newModelId } from '../identifiers.js';
import type { Recognition } from '../../speech/phrase-book.js';
import { decodeAudio } from './client-events.js';
import type { Conversation, Entry } from './conversation.js';
import { Refusal } from './refusal.js';

/** Makes an item of the client's own; audio in it is understood like audio that was spoken. Throws `Refusal`. */
export function entryFromClient(
  item: ConversationItem,
  conversation: Conversation,
  understand: (audio: Uint8Array) => Recognition,
): Entry {
  if (item.id && conversation.find(item.id)) {
    throw new Refusal(
      'item_create_duplicate_item_id',
      `Error adding item: an item with id '${item.id}' already exists.`,
      'item.id',
    );
  }
  if (item.type === 'function_call_output' && !isCallKnown(conversation, item.call_id)) {
    throw new Refusal(
      'invalid_tool_call_id',
      `Tool call ID '${item.call_id}' not found in conversation.`,
      'item.call_id',
    );
  }
  const known = {
    ...item,
    id: item.id ?? newModelId('item'),
    object: 'realtime.item',
    status: 'completed',
  } as Entry['item'];
  if (known.type !== 'message' || known.role !== 'user') return { item: known };
  const heard = known.content.map((part) =>
    part.type === 'input_audio' && part.audio ? understand(decodeAudio(part.audio)).text : (part.text ?? ''),
  );
  // The audio itself is never sent back.
  const content = known.content.map(({ audio: _audio, ...part }) =>
    part.type === 'input_audio' ? { ...part, transcript: part.transcript ?? '' } : part,
  );
  return { item: { ...known, content }, heard: heard.join(' ').trim() };
}

function isCallKnown(conversation: Conversation, callId: string): boolean {
  return conversation.list().some(({ item }) => item.type === 'function_call' && item.call_id === callId);
}
