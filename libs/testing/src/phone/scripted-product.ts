import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface ReceivedWebhook {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ReceivedStream {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly socket: WebSocket;
  readonly messages: Record<string, unknown>[];
}

/** TwiML, or another answer to the webhook. */
export type ScriptedAnswer =
  string | { readonly status: number; readonly contentType?: string; readonly body?: string | Uint8Array };

export interface ProductScript {
  /** Answer per path; 404 where none is given. */
  readonly answers: Readonly<Record<string, ScriptedAnswer | ((webhook: ReceivedWebhook) => ScriptedAnswer)>>;
  /** What the stream's server does; it listens and says nothing when absent. */
  readonly onStream?: (stream: ReceivedStream) => void;
}

/** The product's place taken by a script: answers webhooks as told and keeps everything that arrived. */
export class ScriptedProduct {
  readonly webhooks: ReceivedWebhook[] = [];
  readonly streams: ReceivedStream[] = [];
  private readonly sockets = new WebSocketServer({ noServer: true });

  private constructor(
    private readonly server: Server,
    private script: ProductScript,
  ) {}

  static async start(script: ProductScript): Promise<ScriptedProduct> {
    const server = createServer();
    const product = new ScriptedProduct(server, script);
    product.listen();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return product;
  }

  /** `http://127.0.0.1:port` */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get streamUrl(): string {
    return `${this.url.replace('http', 'ws')}/streams/one`;
  }

  follow(script: ProductScript): void {
    this.script = script;
  }

  /** TwiML that leads the call to this server's stream. */
  connectTwiml(attributes = '', parameters = '<Parameter name="token" value="t0ken"/>'): string {
    return `<?xml version="1.0" encoding="UTF-8"?><Response><Connect ${attributes}><Stream url="${this.streamUrl}">${parameters}</Stream></Connect></Response>`;
  }

  webhooksAt(path: string): ReceivedWebhook[] {
    return this.webhooks.filter((webhook) => webhook.path === path);
  }

  async stop(): Promise<void> {
    for (const stream of this.streams) stream.socket.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private listen(): void {
    this.server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const path = request.url ?? '/';
        const webhook = {
          path,
          method: request.method ?? '',
          headers: request.headers,
          fields: Object.fromEntries(new URLSearchParams(body)),
        };
        this.webhooks.push(webhook);
        const found = this.script.answers[path];
        const answer = typeof found === 'function' ? found(webhook) : (found ?? { status: 404 });
        const {
          status,
          contentType = 'text/xml',
          body: text = '',
        } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
        response.writeHead(status, { 'content-type': contentType }).end(text);
      });
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (client) => {
        const stream: ReceivedStream = {
          path: request.url ?? '',
          headers: request.headers,
          socket: client,
          messages: [],
        };
        client.on('message', (data) =>
          stream.messages.push(JSON.parse(String(data)) as Record<string, unknown>),
        );
        this.streams.push(stream);
        this.script.onStream?.(stream);
      });
    });
  }
}
