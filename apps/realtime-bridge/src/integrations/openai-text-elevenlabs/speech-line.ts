import { WebSocket } from 'ws';
import type { Clock } from '../../domain/clock.js';
import { speechHttpFault, speechSeverity } from './speech-errors.js';
import { type Alignment, parseSpeechMessage, type SpeechRequest } from './speech-protocol.js';

/** From the first packet to the open socket. */
export const SPEECH_CONNECT_TIMEOUT_MS = 3_000;
/** The service begins to speak within a quarter of a second; a caller should not wait much longer for a second try. */
export const SPEECH_PATIENCE_MS = 2_000;
/** The service's limit on one socket; a context that is closing counts until its end is told. */
const MAX_CONTEXTS = 5;
/** A connection is tried once more; what fails twice in a row is not there. */
const MAX_LOSSES_IN_A_ROW = 1;
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const NORMAL_CLOSE = 1_000;

export interface SpeechLineHooks {
  /** It can be spoken; said once. */
  ready(): void;
  /** `audio` is base64 µ-law. `unspoken` is what had been asked for and not been spoken before it. */
  audio(contextId: string, audio: string, alignment: Alignment | undefined, unspoken: string): void;
  /** All that a context was given has been spoken. */
  spoken(contextId: string): void;
  /** The connection was lost and is tried again. */
  retrying(code: string): void;
  /** It will not be spoken any more. */
  failed(code: string): void;
}

interface Context {
  /** All that was given to it, clause by clause. */
  clauses: string[];
  /** Characters of it that have been made into sound. */
  spokenChars: number;
  /** No more text will come. */
  ended: boolean;
  /** The service knows of it on the present socket. */
  isOpen: boolean;
  cancelPatience: () => void;
}

const textOf = (context: Context): string => context.clauses.join('');

/** One call's socket to the speech service: a context for each thing that is said, and one more try when it breaks. */
export class SpeechLine {
  private socket: WebSocket | undefined;
  private readonly contexts = new Map<string, Context>();
  /** Closed by us; the service has not told their end yet. */
  private readonly closing = new Set<string>();
  private state: 'opening' | 'open' | 'idle' | 'closed' = 'opening';
  private isReady = false;
  private losses = 0;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly address: string,
    private readonly apiKey: string,
    private readonly clock: Clock,
    private readonly hooks: SpeechLineHooks,
  ) {
    this.connect();
  }

  get bufferedBytes(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  /** Speaks a clause; the first one of a context begins it. */
  say(contextId: string, clause: string): void {
    const context = this.contexts.get(contextId) ?? this.begin(contextId);
    context.clauses.push(clause);
    if (this.open(contextId, context)) this.send({ text: clause, context_id: contextId, flush: true });
    this.expectAudio(context);
  }

  /** No more text comes for the context. */
  end(contextId: string): void {
    const context = this.contexts.get(contextId);
    if (!context) return this.hooks.spoken(contextId);
    context.ended = true;
    // Text that was flushed is still spoken; the service tells when that is done.
    if (this.open(contextId, context)) this.send({ context_id: contextId, close_context: true });
    this.expectAudio(context);
  }

  /** Nothing more of the context is wanted: what still comes of it is dropped. */
  drop(contextId: string): void {
    const context = this.contexts.get(contextId);
    if (!context) return;
    this.remove(contextId, context);
    if (!context.isOpen) return;
    this.closing.add(contextId);
    // Whatever names an unknown context makes one: so this is said once, and only of contexts that are open.
    if (!context.ended) this.send({ context_id: contextId, close_context: true });
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.cancelTimer();
    for (const [id, context] of this.contexts) this.remove(id, context);
    this.letGo();
  }

  private begin(contextId: string): Context {
    const context: Context = {
      clauses: [],
      spokenChars: 0,
      ended: false,
      isOpen: false,
      cancelPatience: () => undefined,
    };
    this.contexts.set(contextId, context);
    return context;
  }

  /** Returns whether the context was open already; otherwise all that it has is said with its opening, now or later. */
  private open(contextId: string, context: Context): boolean {
    if (context.isOpen) return true;
    if (this.state === 'idle') this.connect();
    if (this.state !== 'open') return false;
    const unspoken = textOf(context).slice(context.spokenChars);
    if (unspoken.trim() === '') {
      if (context.ended) this.spoken(contextId, context);
      return false;
    }
    if (this.openContexts >= MAX_CONTEXTS) return false;
    context.isOpen = true;
    this.send({ text: ' ', context_id: contextId });
    this.send({ text: unspoken, context_id: contextId, flush: true });
    if (context.ended) this.send({ context_id: contextId, close_context: true });
    this.expectAudio(context);
    return false;
  }

  private get openContexts(): number {
    let open = this.closing.size;
    for (const { isOpen } of this.contexts.values()) if (isOpen) open += 1;
    return open;
  }

  private connect(): void {
    this.state = 'opening';
    const socket = new WebSocket(this.address, {
      headers: { 'xi-api-key': this.apiKey },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.socket = socket;
    const mine = (run: () => void): void => {
      if (this.socket === socket && this.state !== 'closed') run();
    };
    this.cancelTimer();
    this.cancelTimer = this.clock.after(SPEECH_CONNECT_TIMEOUT_MS, () =>
      mine(() => this.lost('connect_timeout')),
    );
    socket.on('open', () => mine(() => this.opened()));
    socket.on('message', (data, isBinary) => mine(() => this.receive(isBinary ? '' : data.toString())));
    socket.on('unexpected-response', (_request, response) =>
      mine(() => this.lost(speechHttpFault(response.statusCode ?? 0))),
    );
    socket.on('error', () =>
      mine(() => this.lost(this.state === 'opening' ? 'connect_failed' : 'socket_error')),
    );
    socket.on('close', () => mine(() => this.lost('closed')));
  }

  private opened(): void {
    this.state = 'open';
    this.cancelTimer();
    if (!this.isReady) {
      this.isReady = true;
      this.hooks.ready();
    }
    for (const [id, context] of this.contexts) this.open(id, context);
  }

  private receive(text: string): void {
    const message = parseSpeechMessage(text);
    switch (message?.kind) {
      case 'audio':
        return this.audio(message.contextId, message.audio, message.alignment);
      case 'final':
        return this.final(message.contextId);
      case 'error':
        return this.lost(message.code);
      case 'nothing':
      case undefined:
        return;
    }
  }

  private audio(contextId: string, audio: string, alignment: Alignment | undefined): void {
    const context = this.contexts.get(contextId);
    if (!context) return;
    const unspoken = textOf(context).slice(context.spokenChars);
    context.spokenChars += alignment ? alignment.chars.join('').length : unspoken.length;
    this.expectAudio(context);
    this.hooks.audio(contextId, audio, alignment, unspoken);
  }

  private final(contextId: string): void {
    this.closing.delete(contextId);
    const context = this.contexts.get(contextId);
    if (context?.isOpen) {
      context.isOpen = false;
      if (context.ended) this.spoken(contextId, context);
    }
    // A place is free for a context that had to wait.
    for (const [id, waiting] of this.contexts) this.open(id, waiting);
  }

  private spoken(contextId: string, context: Context): void {
    this.losses = 0;
    this.remove(contextId, context);
    this.hooks.spoken(contextId);
  }

  private remove(contextId: string, context: Context): void {
    context.cancelPatience();
    this.contexts.delete(contextId);
  }

  /** Watches that what is owed does come: sound for what was said, and an end. */
  private expectAudio(context: Context): void {
    context.cancelPatience();
    if (!context.isOpen) return;
    const owed = context.ended || context.spokenChars < textOf(context).trimEnd().length;
    if (owed) context.cancelPatience = this.clock.after(SPEECH_PATIENCE_MS, () => this.lost('timeout'));
  }

  /** The socket is gone or of no use; what was not spoken is said again on a new one. */
  private lost(code: string): void {
    if (this.state === 'closed') return;
    this.letGo();
    if (speechSeverity(code) === 'fatal') return this.fail(code);
    // Nobody waits for anything: the next thing to say opens a new one.
    if (this.isReady && this.contexts.size === 0) {
      this.state = 'idle';
      return;
    }
    this.losses += 1;
    if (this.losses > MAX_LOSSES_IN_A_ROW) return this.fail(code);
    this.hooks.retrying(code);
    this.connect();
  }

  private fail(code: string): void {
    this.close();
    this.hooks.failed(code);
  }

  private letGo(): void {
    const { socket } = this;
    this.socket = undefined;
    this.cancelTimer();
    this.closing.clear();
    for (const context of this.contexts.values()) {
      context.isOpen = false;
      context.cancelPatience();
    }
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ close_socket: true } satisfies SpeechRequest));
      socket.close(NORMAL_CLOSE);
      const cancel = this.clock.after(SPEECH_CONNECT_TIMEOUT_MS, () => socket.terminate());
      socket.once('close', cancel);
    } else socket?.terminate();
  }

  private send(request: SpeechRequest): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(request));
  }
}
