import type { Gap } from '../wire/arrivals.ts';
import { FRAME_BYTES, KINDS, prebuiltAudio, writeMarker, type Marker } from '../wire/marker.ts';
import type { Peer } from '../wire/web-socket.ts';
import { CallerEar, type HeardTally } from './caller-ear.ts';
import type { Script } from './messages.ts';

const FRAME_MS = 20;
const WORDS_EVERY_MS = 500;
/** A model stops by itself when nobody cancels it. */
const STOPS_ANYWAY_MS = 300;
/** What a system may hold back to play it evenly is dropped with an interrupted answer. */
const HELD_BACK_MS = 300;
/** A greeting that comes from somewhere else is not asked for; the conversation goes on all the same. */
const UNASKED_AFTER_MS = 3_000;
/** How a bridge asks for fixed words. */
const QUOTED = /^(?:Say|Greet)[^"]*"([^"]+)"$/;
const APPEND = '{"type":"input_audio_buffer.append"';
const CALLER_WORDS = 'What do you charge for a visit on Friday, and can somebody come before noon?';
const ANSWER_WORDS = [
  'We can',
  ' come on',
  ' Friday before',
  ' noon;',
  ' a visit',
  ' is ninety',
  ' dollars,',
  ' and it',
];

const marker: Marker = { kind: KINDS.answer, call: 0, sequence: 0, sentUs: 0 };

/** What all sessions of a process count together. */
export interface Tally extends HeardTally {
  readonly bargeIns: [call: number, atUs: number][];
  readonly droppable: Gap[];
}

interface Speech {
  readonly isAnswer: boolean;
  /** What it was told to say, word for word; it is made as fast as a model makes speech, and nobody listens meanwhile. */
  readonly phrase: string | undefined;
  readonly responseId: string;
  readonly itemId: string;
  readonly frames: number;
  sent: number;
  nextAtUs: number;
  nextWordsAtUs: number;
  interruptAtUs: number;
  /** Set when the caller has interrupted: the answer's frames from here on need not be heard. */
  droppableFrom: number | undefined;
}

/** One session of the GA Realtime protocol, as far as a phone bridge can see it, driven by the clock instead of by what it hears. */
export class ModelSession {
  peer: Peer | undefined;
  readonly ear: CallerEar;
  /** When each frame of the answers was sent. */
  private readonly sentUs: number[] = [];
  private readonly script: Script;
  private readonly tally: Tally;
  private readonly audio: Buffer;
  private todo: { readonly atUs: number; readonly run: (atUs: number) => void }[] = [];
  private speech: Speech | undefined;
  /** Asked for and not begun. */
  private answerDue = false;
  private serial = 0;
  private turn = 0;
  private state: 'new' | 'configuring' | 'ready' = 'new';
  private askedEarly: object | undefined;
  private answersUnasked = true;
  private everSpoke = false;

  constructor(script: Script, tally: Tally, atUs: number) {
    this.script = script;
    this.tally = tally;
    this.ear = new CallerEar(tally);
    this.audio = prebuiltAudio(script.deltaMs / FRAME_MS);
    this.after(atUs, script.openingMs / 2, () =>
      this.send(
        'session.created',
        '"session":{"type":"realtime","object":"realtime.session","id":"sess_bench"}',
      ),
    );
  }

  /** How many frames of answers had been sent by then. */
  sentBefore(atUs: number): number {
    return this.sentUs.findLastIndex((sentUs) => sentUs < atUs) + 1;
  }

  tick(atUs: number): void {
    if (this.todo.length > 0) this.runDue(atUs);
    while (this.speech && atUs >= this.speech.nextAtUs) this.speak(this.speech, atUs);
  }

  hear(payload: Buffer, atUs: number): void {
    if (payload.toString('latin1', 0, APPEND.length) === APPEND) return this.ear.hear(payload, atUs);
    const event = JSON.parse(payload.toString('latin1')) as {
      type: string;
      response?: { metadata?: object; instructions?: string };
      item?: object;
      item_id?: string;
      session?: { audio?: { input?: { turn_detection?: { create_response?: boolean } } } };
    };
    switch (event.type) {
      case 'input_audio_buffer.append':
        return this.ear.hear(payload, atUs);
      case 'session.update':
        this.answersUnasked =
          event.session?.audio?.input?.turn_detection?.create_response ?? this.answersUnasked;
        return this.configure(atUs, JSON.stringify(event.session));
      case 'response.create':
        return this.asked(
          atUs,
          event.response?.metadata,
          QUOTED.exec(event.response?.instructions ?? '')?.[1],
        );
      case 'response.cancel':
        if (this.speech) this.finish(this.speech, 'cancelled', atUs);
        return;
      case 'conversation.item.create':
        return this.send(
          'conversation.item.added',
          `"item":${JSON.stringify({ id: this.newId('item'), ...event.item })}`,
        );
      case 'conversation.item.truncate':
        return this.send(
          'conversation.item.truncated',
          `"item_id":"${event.item_id}","content_index":0,"audio_end_ms":0`,
        );
      default:
    }
  }

  private configure(atUs: number, session: string): void {
    if (this.state !== 'new') return this.send('session.updated', `"session":${session}`);
    this.state = 'configuring';
    this.after(atUs, this.script.openingMs / 2, (nowUs) => {
      this.state = 'ready';
      this.send('session.updated', `"session":${session}`);
      if (this.askedEarly) this.begin(nowUs, false, this.askedEarly);
      this.after(nowUs, UNASKED_AFTER_MS, (thenUs) => this.everSpoke || this.beginTurn(thenUs));
    });
  }

  private asked(atUs: number, metadata: object = {}, phrase?: string): void {
    if (this.state !== 'ready') this.askedEarly = metadata;
    else if (!this.speech) this.begin(atUs, this.answerDue, metadata, phrase);
    else {
      const error = {
        type: 'invalid_request_error',
        code: 'conversation_already_has_active_response',
        message: 'a response is active',
      };
      this.send('error', `"error":${JSON.stringify(error)}`);
    }
  }

  private begin(atUs: number, isAnswer: boolean, metadata: object = {}, phrase?: string): void {
    const { script } = this;
    this.everSpoke = true;
    this.answerDue = false;
    const responseId = this.newId('resp');
    const itemId = this.newId('item');
    const firstAtUs = atUs + script.firstAudioMs * 1000;
    this.speech = {
      isAnswer,
      phrase,
      responseId,
      itemId,
      frames: (isAnswer ? script.answerMs : script.greetingMs) / FRAME_MS,
      sent: 0,
      nextAtUs: firstAtUs,
      nextWordsAtUs: firstAtUs,
      interruptAtUs:
        isAnswer && this.turn % script.bargeInEvery === 0 ? firstAtUs + script.answerMs * 500 : Infinity,
      droppableFrom: undefined,
    };
    this.send(
      'response.created',
      `"response":${JSON.stringify({ object: 'realtime.response', id: responseId, status: 'in_progress', metadata })}`,
    );
    const item = { id: itemId, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    this.send(
      'response.output_item.added',
      `"response_id":"${responseId}","output_index":0,"item":${JSON.stringify(item)}`,
    );
  }

  private speak(speech: Speech, atUs: number): void {
    if (atUs >= speech.interruptAtUs) return this.interrupt(speech, atUs);
    const { script, audio } = this;
    if (atUs >= speech.nextWordsAtUs) {
      speech.nextWordsAtUs += WORDS_EVERY_MS * 1000;
      const words = ANSWER_WORDS[Math.floor((speech.sent * FRAME_MS) / WORDS_EVERY_MS) % ANSWER_WORDS.length];
      this.about(
        speech,
        'response.output_audio_transcript.delta',
        `"delta":${JSON.stringify(speech.phrase === undefined ? words : speech.sent === 0 ? speech.phrase : '')}`,
      );
    }
    marker.kind = speech.isAnswer ? KINDS.answer : KINDS.greeting;
    marker.call = Math.max(0, this.ear.call);
    marker.sentUs = atUs;
    for (let offset = 0; offset < audio.length; offset += FRAME_BYTES) {
      marker.sequence = speech.isAnswer ? this.sentUs.push(atUs) - 1 : 0;
      writeMarker(audio, offset, marker);
    }
    this.about(speech, 'response.output_audio.delta', `"delta":"${audio.toString('base64')}"`);
    speech.sent += script.deltaMs / FRAME_MS;
    if (speech.phrase === undefined) speech.nextAtUs += script.deltaMs * 1000;
    if (speech.sent >= speech.frames) this.finish(speech, 'completed', atUs);
  }

  /** The caller speaks: in a barge-in the model goes on until it is cancelled, or hears it itself. */
  private interrupt(speech: Speech, atUs: number): void {
    speech.interruptAtUs = Infinity;
    speech.droppableFrom = Math.max(0, this.sentUs.length - HELD_BACK_MS / FRAME_MS);
    if (this.tally.inWindow(atUs)) this.tally.bargeIns.push([this.ear.call, atUs]);
    this.beginTurn(atUs);
    this.after(atUs, STOPS_ANYWAY_MS, (thenUs) => {
      if (this.speech === speech) this.finish(speech, 'cancelled', thenUs);
    });
  }

  private finish(speech: Speech, status: 'completed' | 'cancelled', atUs: number): void {
    this.speech = undefined;
    if (speech.droppableFrom !== undefined)
      this.tally.droppable.push([this.ear.call, speech.droppableFrom, this.sentUs.length - 1]);
    const words = speech.phrase ?? ANSWER_WORDS.join('');
    this.about(speech, 'response.output_audio.done', '"duration":0');
    this.about(speech, 'response.output_audio_transcript.done', `"transcript":${JSON.stringify(words)}`);
    const item = {
      id: speech.itemId,
      type: 'message',
      role: 'assistant',
      status: status === 'completed' ? status : 'incomplete',
      content: [{ type: 'output_audio', transcript: words }],
    };
    this.send(
      'response.output_item.done',
      `"response_id":"${speech.responseId}","output_index":0,"item":${JSON.stringify(item)}`,
    );
    const response = { object: 'realtime.response', id: speech.responseId, status, output: [item] };
    this.send('response.done', `"response":${JSON.stringify(response)}`);
    if (status === 'completed' && speech.phrase === undefined)
      this.after(atUs, this.script.pauseMs, (thenUs) => this.speech || this.beginTurn(thenUs));
  }

  private beginTurn(atUs: number): void {
    this.turn += 1;
    this.everSpoke = true;
    const itemId = this.newId('item');
    const { callerSpeaksMs } = this.script;
    this.send(
      'input_audio_buffer.speech_started',
      `"audio_start_ms":${Math.max(0, Math.round(this.ear.heardMs) - 300)},"item_id":"${itemId}"`,
    );
    this.after(atUs, callerSpeaksMs, (thenUs) => {
      this.send(
        'input_audio_buffer.speech_stopped',
        `"audio_end_ms":${Math.round(this.ear.heardMs)},"item_id":"${itemId}"`,
      );
      this.send('input_audio_buffer.committed', `"item_id":"${itemId}"`);
      this.answerDue = true;
      if (this.answersUnasked && !this.speech) this.begin(thenUs, true);
    });
    this.after(atUs, callerSpeaksMs + 100, () =>
      this.send(
        'conversation.item.input_audio_transcription.completed',
        `"item_id":"${itemId}","content_index":0,"transcript":"${CALLER_WORDS}"`,
      ),
    );
  }

  private about({ responseId, itemId }: Speech, type: string, fields: string): void {
    this.send(
      type,
      `"response_id":"${responseId}","item_id":"${itemId}","output_index":0,"content_index":0,${fields}`,
    );
  }

  private send(type: string, fields: string): void {
    this.peer?.send(`{"type":"${type}","event_id":"${this.newId('event')}",${fields}}`);
  }

  private newId(prefix: string): string {
    this.serial += 1;
    return `${prefix}_${String(this.serial).padStart(20, '0')}`;
  }

  private after(atUs: number, delayMs: number, run: (atUs: number) => void): void {
    this.todo.push({ atUs: atUs + delayMs * 1000, run });
  }

  private runDue(atUs: number): void {
    const due = this.todo.filter((each) => each.atUs <= atUs);
    if (due.length === 0) return;
    this.todo = this.todo.filter((each) => each.atUs > atUs);
    for (const { run } of due) run(atUs);
  }
}
