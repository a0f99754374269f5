import type { Response } from 'express';

/** A reader that is this far behind is cut off: it may read what it missed by the other endpoints. */
const MAX_BUFFERED_BYTES = 256 * 1024;
const HEARTBEAT_MS = 15_000;

export interface LiveConnectionOptions {
  /** Called twice a minute or so; false closes the connection. */
  readonly stillWelcome: () => Promise<boolean>;
  readonly onCutOff: () => void;
  readonly onClose: () => void;
  readonly heartbeatMs?: number;
  readonly maxBufferedBytes?: number;
}

/** One reader of server-sent events, as the HTML standard defines the stream. */
export class LiveConnection {
  readonly #response: Response;
  readonly #options: LiveConnectionOptions;
  readonly #heartbeat: NodeJS.Timeout;
  #closed = false;

  constructor(response: Response, options: LiveConnectionOptions) {
    this.#response = response;
    this.#options = options;
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      Connection: 'keep-alive',
      // Tells a buffering proxy in front to pass events on as they come.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => this.close());
    this.#write(': connected\n\n');
    this.#heartbeat = setInterval(() => void this.#beat(), options.heartbeatMs ?? HEARTBEAT_MS);
  }

  send(event: { readonly id: string; readonly type: string; readonly data: unknown }): void {
    this.#write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#heartbeat);
    this.#response.end();
    this.#options.onClose();
  }

  /** A comment: it keeps proxies from closing a quiet connection. */
  async #beat(): Promise<void> {
    if (await this.#options.stillWelcome().catch(() => true)) this.#write(': heartbeat\n\n');
    else this.close();
  }

  #write(text: string): void {
    if (this.#closed) return;
    this.#response.write(text);
    if (this.#response.writableLength <= (this.#options.maxBufferedBytes ?? MAX_BUFFERED_BYTES)) return;
    this.#options.onCutOff();
    this.#response.destroy();
    this.close();
  }
}
