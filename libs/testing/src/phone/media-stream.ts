import { WebSocket } from 'ws';
import type { CallMedia } from './call-media.js';
import { newSid } from './identifiers.js';
import { NOTICES } from './notices.js';
import { signRequest } from './signature.js';
import { readServerMessage, StreamWriter } from './stream-messages.js';

export interface StreamOrder {
  readonly url: string;
  readonly name: string | undefined;
  readonly customParameters: Readonly<Record<string, string>>;
  readonly accountSid: string;
  readonly callSid: string;
  readonly authToken: string;
}

export interface StreamHooks {
  notice(code: number, message: string): void;
  /** StreamEvent of the stream's status callback. */
  event(event: 'stream-started' | 'stream-stopped' | 'stream-error', streamSid: string, error?: string): void;
  /** The server threw away what had not been played. */
  cleared(discardedBytes: number): void;
}

/** Who ended the stream: the server closed its socket, we left it (hang-up, redirect), or it never opened. */
export interface StreamEnd {
  readonly by: 'server' | 'us' | 'refused';
  /** A WebSocket close code other than a normal one: the server's process died, or the network cut. */
  readonly abnormal: boolean;
}

/** Twilio gives up on a handshake that takes longer. */
const HANDSHAKE_TIMEOUT_MS = 5_000;

/** A dead peer never answers our close: the caller must not wait for it. */
const CLOSE_TIMEOUT_MS = 500;

/** One bidirectional media stream: a WebSocket that carries the call's audio to the product and back. */
export class MediaStream {
  readonly streamSid = newSid('MZ');
  private readonly writer = new StreamWriter(this.streamSid);
  private socket: WebSocket | undefined;
  private startedAtMs = 0;
  private leaving = false;

  constructor(
    private readonly order: StreamOrder,
    private readonly media: CallMedia,
    private readonly hooks: StreamHooks,
  ) {}

  /** Why Twilio would not even try this address; undefined when it would. */
  static addressFault(url: string): { code: number; message: string } | undefined {
    if (!URL.canParse(url))
      return { code: NOTICES.streamScheme, message: `the stream's url "${url}" is no URL` };
    const parsed = new URL(url);
    if (parsed.search !== '')
      return {
        code: NOTICES.streamHandshake,
        message: "the stream's url has a query string; use <Parameter>",
      };
    if (parsed.protocol === 'wss:') return undefined;
    // Twilio takes wss only; without this one exception nothing could be tried on a single machine without certificates.
    if (parsed.protocol === 'ws:' && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname))
      return undefined;
    return {
      code: NOTICES.streamScheme,
      message: `the stream's url has the scheme ${parsed.protocol} and only wss: is supported`,
    };
  }

  /** Runs the stream to its end. `signal` is our own leaving: hang-up, or a redirect by REST. */
  run(signal: AbortSignal): Promise<StreamEnd> {
    return new Promise((resolve) => {
      const socket = new WebSocket(this.order.url, {
        perMessageDeflate: false,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        headers: {
          'x-twilio-signature': signRequest(this.order.authToken, this.order.url),
          'user-agent': 'TwilioProxy/1.1',
        },
      });
      this.socket = socket;
      const leave = (): void => this.leave();
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      let opened = false;
      let unsubscribe = (): void => {};
      let failure = '';
      socket.on('open', () => {
        opened = true;
        unsubscribe = this.begin();
      });
      socket.on('message', (data, isBinary) => this.receive(isBinary ? undefined : String(data)));
      socket.on('error', (error) => (failure = error.message));
      socket.on('close', (code) => {
        unsubscribe();
        signal.removeEventListener('abort', leave);
        resolve(this.settle(opened, code, failure));
      });
    });
  }

  sendDigit(digit: string): void {
    this.send(this.writer.dtmf(digit));
  }

  /** Sends anything at all in the stream's place, to try what the server makes of it. */
  sendRaw(data: string | Uint8Array): void {
    this.socket?.send(data);
  }

  /** Cuts the connection without a word, as a dying network does. */
  cut(): void {
    this.socket?.terminate();
  }

  private begin(): () => void {
    this.startedAtMs = this.media.elapsedMs;
    this.send(this.writer.connected());
    this.send(this.writer.start(this.order));
    this.hooks.event('stream-started', this.streamSid);
    return this.media.onFrame((frame) => {
      for (const name of frame.marksDue) this.send(this.writer.mark(name));
      this.send(this.writer.media(frame.fromCaller, frame.atMs - this.startedAtMs));
    });
  }

  private leave(): void {
    this.leaving = true;
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.send(this.writer.stop(this.order.accountSid, this.order.callSid));
      this.socket.close(1000);
      setTimeout(() => this.socket?.terminate(), CLOSE_TIMEOUT_MS).unref();
    } else {
      this.socket?.terminate();
    }
  }

  private settle(opened: boolean, code: number, failure: string): StreamEnd {
    // Nobody owns what is still buffered: the next verb begins with silence.
    this.media.playout.clear();
    if (this.leaving) {
      this.hooks.event('stream-stopped', this.streamSid);
      return { by: 'us', abnormal: false };
    }
    if (!opened) {
      this.hooks.notice(NOTICES.streamHandshake, `the stream's handshake failed: ${failure}`);
      this.hooks.event('stream-error', this.streamSid, failure);
      return { by: 'refused', abnormal: true };
    }
    const abnormal = code !== 1000 && code !== 1001 && code !== 1005;
    if (abnormal)
      this.hooks.notice(
        NOTICES.streamClosedBadly,
        `the stream was closed with code ${code}${failure ? `: ${failure}` : ''}`,
      );
    this.hooks.event(
      abnormal ? 'stream-error' : 'stream-stopped',
      this.streamSid,
      abnormal ? `closed with code ${code}` : undefined,
    );
    return { by: 'server', abnormal };
  }

  private receive(text: string | undefined): void {
    const message =
      text === undefined
        ? ({ event: 'refused', reason: 'the message is binary' } as const)
        : readServerMessage(text, this.streamSid);
    switch (message.event) {
      case 'media':
        if (!this.media.playout.append(message.audio))
          this.hooks.notice(
            NOTICES.streamMediaDiscarded,
            'more than ten minutes of audio are buffered; media discarded',
          );
        return;
      case 'mark':
        if (this.media.playout.mark(message.name)) this.send(this.writer.mark(message.name));
        return;
      case 'clear': {
        const { discardedBytes, marks } = this.media.playout.clear();
        for (const name of marks) this.send(this.writer.mark(name));
        this.hooks.cleared(discardedBytes);
        return;
      }
      case 'refused':
        this.hooks.notice(NOTICES.streamProtocol, message.reason);
    }
  }

  private send(text: string): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(text);
  }
}
