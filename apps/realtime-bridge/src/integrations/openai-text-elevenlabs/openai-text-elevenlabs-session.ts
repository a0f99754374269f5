import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Clock } from '../../domain/clock.js';
import {
  type ModelEvent,
  type ModelListener,
  ModelSession,
  ModelSessions,
  type Opening,
  type SaidBefore,
  type SessionPlan,
} from '../../domain/model-session.js';
import { isOwnItem, type OwnSpeech } from '../../domain/own-speech.js';
import type { ResponseOrder } from '../../domain/response-sequencer.js';
import { EventOutlet } from '../openai-realtime/event-outlet.js';
import { HeardHistory } from '../openai-realtime/heard-history.js';
import type { OpenAiAccess } from '../openai-realtime/openai-realtime-session.js';
import { realtimeAddress } from '../openai-realtime/realtime-address.js';
import { RealtimeConnection } from '../openai-realtime/realtime-connection.js';
import { readServerEvent } from '../openai-realtime/server-events.js';
import { turnDetection } from '../openai-realtime/session-configuration.js';
import { SpeechLine } from './speech-line.js';
import { speechAddress } from './speech-protocol.js';
import { SpokenResponse } from './spoken-response.js';
import { textSessionConfiguration } from './text-session-configuration.js';

/** Responses that can still be cut: the one that is spoken, and what the caller may yet be listening to. */
const REMEMBERED_RESPONSES = 8;

export interface ElevenLabsAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly modelId: string;
  readonly defaultVoiceId: string;
}

/** A conversation whose words are OpenAI Realtime's and whose voice is ElevenLabs'. */
export class OpenAiTextElevenLabsSession extends ModelSession {
  readonly adapter = 'openai-text-elevenlabs';
  readonly opened: Promise<Opening>;
  private readonly connection: RealtimeConnection;
  private readonly line: SpeechLine;
  private readonly history: HeardHistory;
  private readonly outlet = new EventOutlet();
  /** By age; the last of them may still be written, or wait to be spoken. */
  private readonly responses: SpokenResponse[] = [];
  /** Those that have not ended, in the order in which they began; the first is the one that a call hears of. */
  private readonly underway: SpokenResponse[] = [];
  private settleOpening!: (opening: Opening) => void;
  private readonly missing = new Set(['words', 'voice']);

  constructor(
    openAi: { readonly address: string; readonly apiKey: string },
    speech: { readonly address: string; readonly apiKey: string },
    private readonly plan: SessionPlan,
    private readonly clock: Clock,
  ) {
    super();
    this.opened = new Promise((resolve) => (this.settleOpening = resolve));
    this.connection = new RealtimeConnection(
      openAi.address,
      openAi.apiKey,
      textSessionConfiguration(plan),
      clock,
      {
        ready: () => this.has('words'),
        heard: (event) => this.hear(event),
        closed: (fault) => this.over(fault),
      },
    );
    this.history = new HeardHistory((event) => this.connection.sendHarmless(event));
    this.line = new SpeechLine(speech.address, speech.apiKey, clock, {
      ready: () => this.has('voice'),
      audio: (itemId, audio, alignment, unspoken) =>
        this.responseOf(itemId)?.audio(itemId, audio, alignment, unspoken),
      spoken: (itemId) => this.responseOf(itemId)?.spoken(itemId),
      retrying: (code) =>
        this.outlet.emit({ type: 'problem', severity: 'retryable', code: `speech_${code}` }),
      failed: (code) => this.connection.end(`speech_${code}`),
    });
  }

  get bufferedBytes(): number {
    return this.connection.bufferedBytes + this.line.bufferedBytes;
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
    const response = this.responses.find(({ id }) => id === responseId);
    // What the model has written to its end it cannot cancel; only its speech is stopped then.
    if (!response?.isWritten) this.connection.cancel(responseId);
    for (const itemId of response?.drop() ?? []) this.history.forget(itemId);
  }

  truncate(itemId: string, _contentIndex: number, heardMs: number): void {
    if (isOwnItem(itemId)) this.history.truncateOwn(itemId, heardMs);
    else this.history.keepOnly(itemId, this.heardText(itemId, heardMs) ?? '');
  }

  heardText(itemId: string, heardMs: number): string | undefined {
    return this.alignmentOf(itemId)?.heardText(heardMs) ?? this.history.ownHeardText(itemId, heardMs);
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

  private has(what: 'words' | 'voice'): void {
    this.missing.delete(what);
    if (this.missing.size > 0) return;
    this.settleOpening({ kind: 'ready' });
    this.outlet.emit({ type: 'ready', atMs: this.clock.nowMs(), at: this.clock.now() });
  }

  private over(fault: string): void {
    this.line.close();
    this.settleOpening({ kind: 'failed', fault });
    this.outlet.emit({ type: 'closed', fault });
  }

  private hear(event: RealtimeServerEvent | 'unreadable'): void {
    if (event === 'unreadable')
      return this.outlet.emit({ type: 'problem', severity: 'retryable', code: 'unreadable_message' });
    switch (event.type) {
      case 'conversation.item.added':
        return this.history.added(event.item?.id ?? '', event.previous_item_id);
      case 'response.output_item.added':
        if (this.find(event.response_id)?.isWanted === false) this.history.forget(event.item?.id ?? '');
        return;
      case 'response.output_text.delta':
        return this.find(event.response_id)?.write(event.item_id, event.delta);
      default:
        for (const meaning of readServerEvent(event)) this.take(meaning, event);
    }
  }

  private take(meaning: ModelEvent, event: RealtimeServerEvent): void {
    switch (meaning.type) {
      case 'response-began':
        return this.begin(meaning);
      case 'speech-complete':
        return this.find(meaning.responseId)?.written(meaning.itemId, meaning.text);
      case 'response-ended': {
        const output = event.type === 'response.done' ? (event.response.output ?? []) : [];
        const toolItems = output.flatMap(({ type, id }) => (type === 'function_call' && id ? [id] : []));
        const response = this.find(meaning.responseId);
        if (response?.isWanted === false) for (const itemId of toolItems) this.history.forget(itemId);
        return response ? response.end(meaning, toolItems) : this.outlet.emit(meaning);
      }
      case 'problem':
        // An unconfigured session would answer in another way: a refused configuration is the end of it.
        if (meaning.severity === 'fatal' || this.connection.isOpening)
          return this.connection.end(meaning.code);
        return this.outlet.emit(meaning);
      default:
        return this.outlet.emit(meaning);
    }
  }

  private begin(began: ModelEvent & { type: 'response-began' }): void {
    const response: SpokenResponse = new SpokenResponse(began.responseId, {
      line: this.line,
      emit: (event) => this.outlet.emit(event),
      over: () => this.ended(response),
    });
    this.responses.push(response);
    this.underway.push(response);
    if (this.responses.length > REMEMBERED_RESPONSES && this.underway[0] !== this.responses[0])
      this.responses.shift();
    response.emit(began);
    if (this.underway[0] === response) response.present();
  }

  private ended(response: SpokenResponse): void {
    this.underway.splice(this.underway.indexOf(response), 1);
    this.underway[0]?.present();
  }

  private find(responseId: string): SpokenResponse | undefined {
    return this.responses.findLast(({ id }) => id === responseId);
  }

  private responseOf(itemId: string): SpokenResponse | undefined {
    return this.responses.findLast((response) => response.alignmentOf(itemId) !== undefined);
  }

  private alignmentOf(itemId: string): ReturnType<SpokenResponse['alignmentOf']> {
    return this.responseOf(itemId)?.alignmentOf(itemId);
  }
}

/** Opens sessions with OpenAI for the words and ElevenLabs for the voice, or with whoever stands at their addresses. */
export class OpenAiTextElevenLabsSessions extends ModelSessions {
  constructor(
    private readonly openAi: OpenAiAccess,
    private readonly elevenLabs: ElevenLabsAccess,
    private readonly clock: Clock,
  ) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    const { baseUrl, apiKey, modelId, defaultVoiceId } = this.elevenLabs;
    const voiceId = plan.speechVoiceId === '' ? defaultVoiceId : plan.speechVoiceId;
    return new OpenAiTextElevenLabsSession(
      { address: realtimeAddress(this.openAi.baseUrl, plan.model), apiKey: this.openAi.apiKey },
      { address: speechAddress(baseUrl, { voiceId, modelId, languages: plan.languages }), apiKey },
      plan,
      this.clock,
    );
  }
}
