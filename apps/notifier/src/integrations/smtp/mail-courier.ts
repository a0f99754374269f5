import { maskText } from '@tradeline/service-runtime';
import { createTransport } from 'nodemailer';
import { recipientsInWords } from '../../domain/alert-settings.js';
import { Courier } from '../../domain/courier.js';
import type { Parcel, Receipt } from '../../domain/courier.js';
import { composeTranscriptMail } from '../../domain/mail/transcript-mail.js';
import { RemoteTrouble } from '../../domain/remote-trouble.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** A mail server may think for a while before it takes a message, but a silent one must not hold a worker for long. */
const SILENCE_TIMEOUT_MS = 15_000;

interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host.startsWith('127.');

/**
 * TLS as the address says: `smtps://` speaks it at once, `smtp://` upgrades where the server offers it. With a password
 * in the address it must: a password goes in clear over loopback only.
 */
export const tlsDemand = (smtpUrl: string): { requireTLS?: true } => {
  const url = new URL(smtpUrl);
  const decided = url.searchParams.has('requireTLS') || url.searchParams.has('ignoreTLS');
  return url.protocol === 'smtp:' && url.password !== '' && !isLoopback(url.hostname) && !decided
    ? { requireTLS: true }
    : {};
};

/** The part of the sender's address that Message-IDs end in. */
const domainOf = (mailFrom: string): string => /@([A-Za-z0-9.-]+)/.exec(mailFrom)?.[1] ?? 'tradeline.invalid';

/** What an SMTP failure means (RFC 5321 reply codes: 4xx may heal, 5xx will not). */
export const mailTrouble = (error: unknown): RemoteTrouble => {
  const { code, responseCode = 0, response = '' } = error as SmtpFailure;
  const facts = { status: responseCode, redactedBody: maskText(response) };
  if (code === 'EAUTH' || code === 'ETLS' || code === 'EREQUIRETLS') {
    // Every tenant's mail meets this one; whoever mends the settings should find them all still owed.
    const words =
      'The mail server did not accept our sign-in. Whoever runs this system must check its mail settings.';
    return new RemoteTrouble({ ...facts, kind: 'transient', words });
  }
  if (responseCode >= 500) {
    const words = `The mail server refused the mail (${responseCode}). Check the recipients' addresses, then replay it.`;
    return new RemoteTrouble({ ...facts, kind: 'permanent', words });
  }
  if (responseCode >= 400) {
    return new RemoteTrouble({
      ...facts,
      kind: 'transient',
      words: `The mail server asked us to come back later (${responseCode}).`,
    });
  }
  return new RemoteTrouble({ ...facts, kind: 'transient', words: 'The mail server could not be reached.' });
};

/** Sends the mail about a call over SMTP. At least once: every retry has the same Message-ID, by which readers and servers know it. */
export class MailCourier extends Courier {
  override readonly target = 'smtp';
  private readonly transport: ReturnType<typeof createTransport>;
  private readonly domain: string;

  constructor(private readonly options: { readonly smtpUrl: string; readonly mailFrom: string }) {
    super();
    this.domain = domainOf(options.mailFrom);
    this.transport = createTransport({
      url: options.smtpUrl,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      // A mail is made of a caller's words: nothing in it may name a file or an address to fetch.
      disableFileAccess: true,
      disableUrlAccess: true,
      ...tlsDemand(options.smtpUrl),
    });
  }

  override async send({ delivery, content, settings }: Parcel): Promise<Receipt> {
    if (!settings || settings.mailRecipients.length === 0) {
      const words =
        'Nobody is set to receive these mails. Add a recipient in the alert settings, then replay it.';
      throw new RemoteTrouble({ kind: 'permanent', words });
    }
    const mail = composeTranscriptMail(content, settings);
    const messageId = `<${delivery.deliveryId}@${this.domain}>`;
    try {
      const sent = await this.transport.sendMail({
        from: this.options.mailFrom,
        to: settings.mailRecipients.map((address) => ({ name: '', address })),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId,
        headers: {
          // RFC 3834: no out-of-office answers to these.
          'Auto-Submitted': 'auto-generated',
          'Content-Language': mail.language,
        },
      });
      const refused = sent.rejected?.length ?? 0;
      const recipients = settings.mailRecipients.length;
      const status = Number(/^\d{3}/.exec(sent.response ?? '')?.[0] ?? 250);
      const detail = `${recipientsInWords(recipients)}${refused > 0 ? `, ${refused} refused` : ''}`;
      return { remoteId: messageId, status, requestId: '', detail };
    } catch (error) {
      throw mailTrouble(error);
    }
  }
}
