import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProxyServer } from 'httpxy';
import { Failure } from '../failure.ts';

/** Where the front door leads; asked anew for each request, since a restarted service may have moved. */
export interface Routes {
  /** Address of telephony-gateway, e.g. "http://127.0.0.1:40001". */
  telephony(): string | undefined;
  tenants(): string | undefined;
  bridge(instance: string): string | undefined;
}

const TENANT_PATHS = /^\/(v1|openapi\.json|docs|operator)(?:[/?]|$)/;
const STREAM_PATH = /^\/streams\/([A-Za-z0-9_-]+)\//;

const targetOf = (path: string, routes: Routes): string | undefined => {
  if (path.startsWith('/twilio/')) return routes.telephony();
  const stream = STREAM_PATH.exec(path);
  if (stream?.[1]) return routes.bridge(stream[1]);
  if (TENANT_PATHS.test(path)) return routes.tenants();
  return undefined;
};

const refuse = (response: ServerResponse, status: number, title: string, detail: string): void => {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
};

/**
 * The one public address of a small installation: leads Twilio, media streams and tenants to the right process,
 * as an ingress does for a large one. It changes nothing on the way, so signatures stay valid.
 */
export class FrontDoor {
  private readonly proxy = createProxyServer({ ws: true, proxyTimeout: 120_000 });
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private readonly routes: Routes;

  constructor(routes: Routes) {
    this.routes = routes;
    this.server = createServer((request, response) => this.lead(request, response));
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.leadSocket(request, socket, head),
    );
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.proxy.on('error', (_error, _request, response) => {
      if (response && 'writeHead' in response && !response.headersSent) {
        refuse(
          response as ServerResponse,
          502,
          'Service unavailable',
          'The service behind this address is not answering; it is being started again.',
        );
      } else if (response && 'destroy' in response) response.destroy();
    });
  }

  /** @param port 0 for a free one. @returns the address it listens on */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Failure(
                `Port ${port} is taken by another program.`,
                'Give another one with --port, or --port 0 for a free one.',
              )
            : error,
        ),
      );
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private lead(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    if (path === '/') {
      response.writeHead(302, { location: '/docs' });
      return void response.end();
    }
    const target = targetOf(path, this.routes);
    if (!target)
      return refuse(
        response,
        404,
        'Not found',
        'Paths here begin with /v1, /docs, /openapi.json, /operator, /twilio or /streams.',
      );
    this.proxy.web(request, response, { target }).catch(() => undefined);
  }

  private leadSocket(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const target = targetOf(request.url ?? '/', this.routes);
    socket.on('error', () => socket.destroy());
    if (!target) return void socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    this.proxy.ws(request, socket, { target }, head).catch(() => socket.destroy());
  }
}
