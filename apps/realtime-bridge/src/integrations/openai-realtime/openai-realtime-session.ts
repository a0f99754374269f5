import type { RealtimeServerEvent, ResponseAudioDeltaEvent } from 'openai/resources/realtime/realtime';
import type { Clock } from '../../domain/clock.js';
import {
  type ModelListener,
  ModelSession,
  ModelSessions,
  type Opening,
  type SaidBefore,
  type SessionPlan,
} from '../../domain/model-session.js';
import { isOwnItem, type OwnSpeech } from '../../domain/own-speech.js';
import type { ResponseOrder } from '../../domain/response-sequencer.js';
import { AUDIO_DELTA } from './audio-delta.js';
import { EventOutlet } from './event-outlet.js';
import { HeardHistory } from './heard-history.js';
import { realtimeAddress } from './realtime-address.js';
import { RealtimeConnection } from './realtime-connection.js';
import { readServerEvent } from './server-events.js';
import { sessionConfiguration, turnDetection } from './session-configuration.js';

/** A conversation over the OpenAI Realtime API's WebSocket, GA protocol, speech to speech. */
export class OpenAiRealtimeSession extends ModelSession {
  readonly adapter = 'openai-realtime';
  readonly opened: Promise<Opening>;
  private readonly connection: RealtimeConnection;
  private readonly history: HeardHistory;
  private readonly outlet = new EventOutlet();
  private settleOpening!: (opening: Opening) => void;

  constructor(
    address: string,
    apiKey: string,
    private readonly plan: SessionPlan,
    private readonly clock: Clock,
  ) {
    super();
    this.opened = new Promise((resolve) => (this.settleOpening = resolve));
    this.connection = new RealtimeConnection(address, apiKey, sessionConfiguration(plan), clock, {
      ready: () => this.becomeReady(),
      heard: (event) => this.hear(event),
      closed: (fault) => this.over(fault),
    });
    this.history = new HeardHistory((event) => this.connection.sendHarmless(event));
  }

  get bufferedBytes(): number {
    return this.connection.bufferedBytes;
  }

  listen(listener: ModelListener): void {
    this.outlet.listen(listener);
  }

  append(audio: string): void {
    this.connection.append(audio);
  }

  respond(order: ResponseOrder): void {
    this.connection.respond(order);
  }

  cancel(responseId: string): void {
    this.connection.cancel(responseId);
  }

  truncate(itemId: string, contentIndex: number, heardMs: number): void {
    if (isOwnItem(itemId)) return this.history.truncateOwn(itemId, heardMs);
    this.connection.sendHarmless({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: contentIndex,
      audio_end_ms: heardMs,
    });
  }

  heardText(itemId: string, heardMs: number): string | undefined {
    return this.history.ownHeardText(itemId, heardMs);
  }

  spokenForIt(speech: OwnSpeech): void {
    this.history.add(speech);
  }

  listenPatiently(silenceMs: number): void {
    this.connection.detectTurns(turnDetection(this.plan, silenceMs));
  }

  tell(text: string): void {
    this.connection.tell(text);
  }

  recall(said: readonly SaidBefore[]): void {
    this.connection.recall(said);
  }

  answerTool(callId: string, output: object): void {
    this.connection.answerTool(callId, output);
  }

  commitCaller(): void {
    this.connection.commitCaller();
  }

  close(): void {
    this.connection.end('closed_by_us');
  }

  private hear(event: RealtimeServerEvent | 'unreadable'): void {
    if (event === 'unreadable')
      return this.outlet.emit({ type: 'problem', severity: 'retryable', code: 'unreadable_message' });
    if (event.type === AUDIO_DELTA) return this.speak(event);
    if (event.type === 'conversation.item.added')
      return this.history.added(event.item?.id ?? '', event.previous_item_id);
    for (const meaning of readServerEvent(event)) {
      // An unconfigured session would speak another audio format: a refused configuration is the end of it.
      if (meaning.type === 'problem' && (meaning.severity === 'fatal' || this.connection.isOpening))
        return this.connection.end(meaning.code);
      this.outlet.emit(meaning);
    }
  }

  /** Fifty times a second for each call: without the list that an event of another kind may become. */
  private speak({ response_id, item_id, content_index, delta }: ResponseAudioDeltaEvent): void {
    if (delta === '') return;
    this.outlet.emit({
      type: 'audio',
      responseId: response_id,
      itemId: item_id,
      contentIndex: content_index,
      audio: delta,
    });
  }

  private becomeReady(): void {
    this.settleOpening({ kind: 'ready' });
    this.outlet.emit({ type: 'ready', atMs: this.clock.nowMs(), at: this.clock.now() });
  }

  private over(fault: string): void {
    this.settleOpening({ kind: 'failed', fault });
    this.outlet.emit({ type: 'closed', fault });
  }
}

export interface OpenAiAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Opens sessions with OpenAI, or with whoever speaks its protocol at the configured address. */
export class OpenAiRealtimeSessions extends ModelSessions {
  constructor(
    private readonly access: OpenAiAccess,
    private readonly clock: Clock,
  ) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    return new OpenAiRealtimeSession(
      realtimeAddress(this.access.baseUrl, plan.model),
      this.access.apiKey,
      plan,
      this.clock,
    );
  }
}
