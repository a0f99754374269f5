import type { RealtimeClientEvent, ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { WebSocket } from 'ws';
import { newModelId } from '../identifiers.js';
import type { ModelWorld } from '../model-world.js';
import { toMuLaw } from './audio-format.js';
import { decodeAudio, parseClientEvent } from './client-events.js';
import { Conversation, type Entry } from './conversation.js';
import { InputAudio } from './input-audio.js';
import { entryFromClient } from './item-from-client.js';
import { Refusal } from './refusal.js';
import { ResponseQueue } from './response-queue.js';
import type { Outgoing } from './response-run.js';
import { initialConfig, updatedConfig, type SessionConfig } from './session-config.js';
import { newSessionRecord, type SessionRecord } from './session-record.js';
import { TurnTaking } from './turn-taking.js';

/** Less audio than this cannot be committed by hand. */
const SMALLEST_COMMIT_MS = 100;
const NORMAL_CLOSE = 1_000;
const GOING_AWAY = 1_001;

/** One Realtime session on one socket: reads client events, keeps the conversation, says server events. */
export class RealtimeSession {
  readonly record: SessionRecord;
  readonly conversation = new Conversation();
  readonly input: InputAudio;
  readonly responses: ResponseQueue;
  config: SessionConfig;
  private readonly turns: TurnTaking;
  private readonly cancels = new Set<() => void>();

  constructor(
    private readonly socket: WebSocket,
    model: string,
    readonly world: ModelWorld,
  ) {
    this.config = initialConfig(model);
    this.record = newSessionRecord(newModelId('sess'), model, world.clock.nowMs());
    this.responses = new ResponseQueue(this);
    this.turns = new TurnTaking(this);
    this.input = new InputAudio(this.turns);
    this.input.configure(this.config.audio.input.turn_detection ?? null);
  }

  open(): void {
    this.socket.on('message', (data, binary) => this.hear(binary ? '' : data.toString()));
    this.socket.on('close', (code) => this.ended(code));
    this.socket.on('error', () => undefined);
    this.after(this.world.sessionLimitMs, () => this.expire());
    this.send({ type: 'session.created', session: this.config });
  }

  send(event: Outgoing): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const { type, ...rest } = event;
    this.socket.send(JSON.stringify({ type, event_id: newModelId('event'), ...rest }));
  }

  /** Runs later unless the session is over by then. */
  after(delayMs: number, run: () => void): () => void {
    const cancel = this.world.clock.after(delayMs, () => {
      this.cancels.delete(cancel);
      run();
    });
    this.cancels.add(cancel);
    return () => {
      this.cancels.delete(cancel);
      cancel();
    };
  }

  /** Appends an item of ours to the conversation and tells the client. */
  append(entry: Entry, previousItemId?: string | null): void {
    const previous = this.conversation.insert(entry, previousItemId);
    this.send({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
    this.send({ type: 'conversation.item.done', previous_item_id: previous, item: entry.item });
  }

  /** The caller has said something, or has been silent for too long: the model answers by itself. */
  answer(): void {
    this.responses.createWhenFree({ type: 'response.create' });
  }

  responseOver(audioMs: number): void {
    this.turns.responseOver(audioMs);
  }

  expire(): void {
    const minutes = Math.round(this.world.sessionLimitMs / 60_000);
    this.send({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'session_expired',
        message: `Your session hit the maximum duration of ${minutes} minutes.`,
        param: null,
        event_id: null,
      },
    });
    this.socket.close(GOING_AWAY, 'session_expired');
  }

  close(): void {
    this.socket.close(NORMAL_CLOSE);
  }

  /** Ends as a network does that fails: no close frame. */
  cut(): void {
    this.socket.terminate();
  }

  private hear(message: string): void {
    let eventId: string | null = null;
    try {
      const event = parseClientEvent(message);
      eventId = event.event_id ?? null;
      this.record.received[event.type] = (this.record.received[event.type] ?? 0) + 1;
      this.obey(event);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.record.refused.push(error.code);
      this.send({ type: 'error', error: error.toError(eventId ?? eventIdOf(message)) });
    }
  }

  private obey(event: RealtimeClientEvent): void {
    switch (event.type) {
      case 'session.update':
        this.config = updatedConfig(this.config, event, this.conversation.hasSpoken);
        this.record.instructions = this.config.instructions;
        this.input.configure(this.config.audio.input.turn_detection ?? null);
        return this.send({ type: 'session.updated', session: this.config });
      case 'input_audio_buffer.append':
        return this.input.append(toMuLaw(decodeAudio(event.audio), this.config.audio.input.format));
      case 'input_audio_buffer.commit':
        return this.commit();
      case 'input_audio_buffer.clear':
        this.input.clear();
        return this.send({ type: 'input_audio_buffer.cleared' });
      case 'output_audio_buffer.clear':
        throw new Refusal(
          'invalid_value',
          'output_audio_buffer.clear is only available over WebRTC and SIP.',
          'type',
        );
      case 'conversation.item.create':
        return this.append(
          entryFromClient(event.item, this.conversation, (audio) =>
            this.turns.understand(toMuLaw(audio, this.config.audio.input.format)),
          ),
          event.previous_item_id,
        );
      case 'conversation.item.delete':
        this.conversation.remove(event.item_id);
        return this.send({ type: 'conversation.item.deleted', item_id: event.item_id });
      case 'conversation.item.retrieve':
        return this.send({
          type: 'conversation.item.retrieved',
          item: this.conversation.retrieve(event.item_id),
        });
      case 'conversation.item.truncate':
        this.conversation.truncate(event.item_id, event.audio_end_ms);
        return this.send({
          type: 'conversation.item.truncated',
          item_id: event.item_id,
          content_index: 0,
          audio_end_ms: event.audio_end_ms,
        });
      case 'response.create':
        return this.responses.create(event as ResponseCreateEvent);
      case 'response.cancel':
        return this.responses.cancel(event.response_id);
    }
  }

  private commit(): void {
    if (this.input.bufferedMs < SMALLEST_COMMIT_MS) {
      throw new Refusal(
        'input_audio_buffer_commit_empty',
        `Error committing input audio buffer: buffer too small. Expected at least ${SMALLEST_COMMIT_MS}ms of audio, but buffer only has ${this.input.bufferedMs.toFixed(2)}ms of audio.`,
      );
    }
    this.turns.commit(this.input.take());
  }

  private ended(code: number): void {
    this.record.closedCode = code;
    this.responses.abandon();
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }
}

function eventIdOf(message: string): string | null {
  return /"event_id"\s*:\s*"([^"\\]{1,512})"/u.exec(message)?.[1] ?? null;
}
