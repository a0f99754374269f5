import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** One of the parties that live at the origin: takes a request that is for it and returns true. */
export interface Party {
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/** One HTTP address behind which several parties live, asked in their order. */
export class HttpOrigin {
  private readonly server: Server;

  constructor(private readonly parties: readonly Party[]) {
    this.server = createServer((request, response) => this.route(request, response));
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.parties.some((party) => party.handleUpgrade?.(request, socket, head))) return;
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    });
  }

  /** Resolves with the address, `http://host:port`. */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const bound = this.server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private route(request: IncomingMessage, response: ServerResponse): void {
    if (this.parties.some((party) => party.handleHttp(request, response))) return;
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end('nobody lives at this path of the sandbox\n');
  }
}
