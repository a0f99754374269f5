import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { MailFaults } from './mail-faults.js';
import type { MailFault } from './mail-faults.js';
import { mailboxPage, mailPage } from './mailbox-page.js';
import { readMail } from './received-mail.js';
import type { ReceivedMail } from './received-mail.js';

export interface MailboxOptions {
  /** Where the page is mounted, e.g. "/mailbox"; empty for the root. */
  readonly prefix?: string;
  /** The oldest mails are forgotten beyond this. */
  readonly maxMails?: number;
  readonly now?: () => Date;
}

export interface Mailbox {
  /** Serves the page and the JSON below the prefix; false when the request is somebody else's. */
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
  /** Opens the SMTP door; resolves to its address, "smtp://127.0.0.1:2525". Port 0 takes a free one. */
  listenSmtp(port?: number, host?: string): Promise<string>;
  /** Newest first; `to` keeps those with that envelope recipient. */
  mails(filter?: { to?: string }): readonly ReceivedMail[];
  /** The next `times` mails meet this fault. */
  failNext(fault: MailFault, times?: number): void;
  /** Planned faults that no mail has met yet. */
  readonly faultsLeft: number;
  /** DATA commands seen on the wire, refused ones included. */
  readonly transmissions: number;
  clear(): void;
  close(): Promise<void>;
}

const failure = (fault: Extract<MailFault, { kind: 'refuse' }>): Error =>
  Object.assign(new Error(fault.message ?? 'refused by the test mailbox'), { responseCode: fault.code });

/** A late answer does not keep a test's process alive. */
const wait = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs).unref());

const readAll = async (stream: AsyncIterable<unknown>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const send = (response: ServerResponse, status: number, type: string, body: string): true => {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'x-content-type-options': 'nosniff',
    // Mails are hostile input: whatever they hold loads nothing and runs nothing.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'",
  });
  response.end(body);
  return true;
};

/** A mail server that keeps what it gets, with a page to read it. */
export const createMailbox = (options: MailboxOptions = {}): Mailbox => {
  const prefix = options.prefix ?? '';
  const now = options.now ?? (() => new Date());
  const maxMails = options.maxMails ?? 500;
  const faults = new MailFaults();
  let kept: ReceivedMail[] = [];
  let count = 0;
  let transmissions = 0;

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => {
      const fault = faults.take((planned) => planned.kind === 'refuse' && planned.at === 'recipient');
      done(fault?.kind === 'refuse' ? failure(fault) : null);
    },
    onData: (stream, session, done) => {
      const take = async (): Promise<void> => {
        const raw = await readAll(stream);
        transmissions += 1;
        const fault = faults.take((planned) => planned.kind !== 'refuse' || planned.at !== 'recipient');
        if (fault?.kind === 'refuse') throw failure(fault);
        if (fault?.kind === 'slow') await wait(fault.delayMs);
        count += 1;
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        const to = session.envelope.rcptTo.map((recipient) => recipient.address);
        const mail = await readMail(raw, { id: String(count), from, to, receivedAt: now() });
        kept = [mail, ...kept].slice(0, maxMails);
        if (fault?.kind === 'drop-after-data') {
          for (const connection of smtp.connections)
            if (connection.session.id === session.id) connection._socket.destroy();
        }
      };
      take().then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  smtp.on('error', () => undefined); // A sender that hangs up in the middle is that sender's affair.

  const handleHttp = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? '/', 'http://mailbox.invalid');
    if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) return false;
    const path = url.pathname.slice(prefix.length);
    const found = mails({ to: url.searchParams.get('to') ?? undefined });
    if (path === '' || path === '/') return send(response, 200, 'text/html', mailboxPage(found, prefix));
    if (path === '/messages' && request.method === 'DELETE') {
      kept = [];
      return send(response, 200, 'application/json', '[]');
    }
    if (path === '/messages') return send(response, 200, 'application/json', JSON.stringify(found));
    const [, id, form] = /^\/messages\/(\d+)(?:\.(html|view))?$/.exec(path) ?? [];
    const mail = kept.find((candidate) => candidate.id === id);
    if (!mail) return send(response, 404, 'text/plain', 'no such mail');
    if (form === 'html') return send(response, 200, 'text/html', mail.html);
    if (form === 'view') return send(response, 200, 'text/html', mailPage(mail, prefix));
    return send(response, 200, 'application/json', JSON.stringify(mail));
  };

  const mails = (filter: { to?: string | undefined } = {}): readonly ReceivedMail[] =>
    kept.filter((mail) => filter.to === undefined || mail.to.includes(filter.to));

  return {
    handleHttp,
    mails,
    failNext: (fault, times = 1) => faults.plan(fault, times),
    get faultsLeft() {
      return faults.left;
    },
    get transmissions() {
      return transmissions;
    },
    clear: () => {
      kept = [];
      transmissions = 0;
      faults.clear();
    },
    listenSmtp: (port = 0, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        smtp.once('error', reject);
        const server = smtp.listen({ port, host }, () => {
          smtp.off('error', reject);
          resolve(`smtp://${host}:${(server.address() as AddressInfo).port}`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        for (const connection of smtp.connections) connection._socket.destroy();
        smtp.close(() => resolve());
      }),
  };
};

export interface StartedMailbox extends Mailbox {
  readonly smtpUrl: string;
  /** Of the page. */
  readonly url: string;
}

/** A mailbox on free loopback ports, for a test. */
export const startMailbox = async (options: MailboxOptions = {}): Promise<StartedMailbox> => {
  const mailbox = createMailbox(options);
  const smtpUrl = await mailbox.listenSmtp();
  const http = createServer((request, response) => {
    if (!mailbox.handleHttp(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}${options.prefix ?? ''}`;
  const closeMailbox = mailbox.close;
  return Object.assign(mailbox, {
    smtpUrl,
    url,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await closeMailbox();
    },
  });
};
