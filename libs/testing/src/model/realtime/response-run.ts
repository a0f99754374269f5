import type {
  RealtimeResponse,
  RealtimeResponseStatus,
  RealtimeServerEvent,
} from 'openai/resources/realtime/realtime';
import type { DialogueTurn } from '../dialogue/dialogue-turn.js';
import { newModelId } from '../identifiers.js';
import type { Entry } from './conversation.js';
import { MessageOutput } from './message-output.js';
import type { ResponsePlan } from './response-plan.js';
import { contextTokens, outputAudioTokens, textTokens, usageOf } from './usage.js';

type WithoutEventId<T> = T extends { event_id: string } ? Omit<T, 'event_id'> : T;
/** A server event before it gets its `event_id`. */
export type Outgoing = WithoutEventId<RealtimeServerEvent>;

/** What a response needs of its session. */
export interface ResponseHost {
  readonly conversationId: string;
  send(event: Outgoing): void;
  /** Puts an item into the conversation; returns the id of the item that it follows. */
  addItem(entry: Entry): string | null;
  after(delayMs: number, run: () => void): () => void;
  speak(text: string, language: string): Promise<Uint8Array>;
  decide(plan: ResponsePlan): DialogueTurn;
  /** Tokens of the context that the previous response has already read. */
  cachedTokens(plan: ResponsePlan): { text: number; audio: number };
  finished(run: ResponseRun, audioMs: number): void;
  /** Called when the first audio has gone out. */
  started(): void;
}

export interface ResponsePace {
  readonly firstAudioMs: number;
  readonly audioSpeed: number;
}

type Ending =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled'; readonly reason: 'turn_detected' | 'client_cancelled' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string };

/** One response from `response.created` to `response.done`. */
export class ResponseRun {
  readonly id = newModelId('resp');
  private readonly output: Entry['item'][] = [];
  private readonly cancels: (() => void)[] = [];
  private message: MessageOutput | undefined;
  private over = false;
  private outputText = 0;

  constructor(
    readonly plan: ResponsePlan,
    private readonly host: ResponseHost,
    private readonly pace: ResponsePace,
  ) {}

  get active(): boolean {
    return !this.over;
  }

  start(): void {
    this.host.send({ type: 'response.created', response: this.describe('in_progress') });
    this.host.send({
      type: 'rate_limits.updated',
      rate_limits: [{ name: 'tokens', limit: 400_000, remaining: 390_000, reset_seconds: 1.5 }],
    });
  }

  /** Speaks, then calls its tools. */
  proceed(): void {
    const turn = this.host.decide(this.plan);
    const audio =
      this.plan.modality === 'audio' && turn.speech
        ? this.host.speak(turn.speech, turn.language)
        : Promise.resolve(undefined);
    // The voice is made while the model "thinks"; only the longer of the two is waited for.
    this.later(this.pace.firstAudioMs, () => {
      audio.then(
        (sound) => this.deliver(turn, sound),
        (error: unknown) =>
          this.end({ status: 'failed', code: 'server_error', message: `no voice: ${String(error)}` }),
      );
    });
  }

  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    if (this.over) return;
    this.message?.cut();
    this.end({ status: 'cancelled', reason });
  }

  fail(code: string, message: string): void {
    this.end({ status: 'failed', code, message });
  }

  /** Stops without a word, for a session that is gone. */
  abandon(): void {
    this.over = true;
    for (const cancel of this.cancels) cancel();
  }

  private deliver(turn: DialogueTurn, sound: Uint8Array | undefined): void {
    if (this.over) return;
    if (!turn.speech) {
      this.callTools(turn);
      return;
    }
    this.outputText += textTokens(turn.speech);
    this.message = new MessageOutput(
      this,
      this.host,
      this.output.length,
      turn.speech,
      sound,
      this.plan.format,
    );
    this.output.push(this.message.entry.item);
    this.host.started();
    this.message.deliver(
      this.pace.audioSpeed,
      (delayMs, run) => this.later(delayMs, run),
      () => {
        this.replaceMessage();
        this.callTools(turn);
      },
    );
  }

  private callTools(turn: DialogueTurn): void {
    for (const call of turn.calls) this.callTool(call.name, JSON.stringify(call.arguments));
    this.end({ status: 'completed' });
  }

  private callTool(name: string, args: string): void {
    const at = { response_id: this.id, output_index: this.output.length };
    const base = {
      id: newModelId('item'),
      object: 'realtime.item',
      type: 'function_call',
      name,
      call_id: newModelId('call'),
    } as const;
    const entry: Entry = { item: { ...base, status: 'in_progress', arguments: '' } };
    this.host.send({ type: 'response.output_item.added', ...at, item: entry.item });
    this.addItem(entry);
    const ids = { ...at, item_id: base.id, call_id: base.call_id };
    for (const delta of args.match(/.{1,24}/gsu) ?? [])
      this.host.send({ type: 'response.function_call_arguments.delta', ...ids, delta });
    this.host.send({ type: 'response.function_call_arguments.done', ...ids, name, arguments: args });
    entry.item = { ...base, status: 'completed', arguments: args };
    this.output.push(entry.item);
    this.outputText += textTokens(args) + textTokens(name);
    if (!this.plan.outOfBand) this.host.send({ type: 'conversation.item.done', item: entry.item });
    this.host.send({ type: 'response.output_item.done', ...at, item: entry.item });
  }

  /** Items of a response outside the conversation are told of, and not remembered. */
  addItem(entry: Entry): void {
    if (this.plan.outOfBand) return;
    const previous = this.host.addItem(entry);
    this.host.send({ type: 'conversation.item.added', previous_item_id: previous, item: entry.item });
  }

  private replaceMessage(): void {
    if (this.message) this.output[this.message.outputIndex] = this.message.entry.item;
  }

  private end(ending: Ending): void {
    if (this.over) return;
    this.over = true;
    for (const cancel of this.cancels) cancel();
    this.replaceMessage();
    const { text, audio } = contextTokens(
      this.plan.context.override ?? this.plan.context.instructions,
      this.plan.entries,
    );
    const cached = this.host.cachedTokens(this.plan);
    const audioMs = this.message?.deliveredMs ?? 0;
    const usage = usageOf({
      inputText: text,
      inputAudio: audio,
      cachedText: Math.min(text, cached.text),
      cachedAudio: Math.min(audio, cached.audio),
      outputText: this.outputText,
      outputAudio: outputAudioTokens(audioMs),
    });
    this.host.send({
      type: 'response.done',
      response: { ...this.describe(ending.status), status_details: detailsOf(ending), usage },
    });
    this.host.finished(this, audioMs);
  }

  private describe(status: NonNullable<RealtimeResponse['status']>): RealtimeResponse {
    const { modality, format, voice, metadata, outOfBand, maxOutputTokens } = this.plan;
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      output: [...this.output],
      output_modalities: [modality],
      max_output_tokens: maxOutputTokens,
      metadata: metadata ?? null,
      ...(outOfBand ? {} : { conversation_id: this.host.conversationId }),
      audio: { output: { ...(format ? { format } : {}), ...(voice ? { voice } : {}) } },
    };
  }

  private later(delayMs: number, run: () => void): void {
    this.cancels.push(this.host.after(delayMs, () => (this.over ? undefined : run())));
  }
}

function detailsOf(ending: Ending): RealtimeResponseStatus {
  switch (ending.status) {
    case 'completed':
      return { type: 'completed' };
    case 'cancelled':
      return { type: 'cancelled', reason: ending.reason };
    case 'failed':
      return {
        type: 'failed',
        error: {
          type: ending.code === 'rate_limit_exceeded' ? 'tokens' : 'server_error',
          code: ending.code,
          message: ending.message,
        },
      };
  }
}
