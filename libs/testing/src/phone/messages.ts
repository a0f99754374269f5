import { newSid } from './identifiers.js';
import { RestRefusal } from './rest-refusal.js';
import { requestWebhook, type FormFields } from './webhooks.js';

export type MessageStatus = 'accepted' | 'queued' | 'sent' | 'delivered';

export interface StoredMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly to: string;
  readonly from: string | null;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly statusCallback: string | undefined;
  readonly createdAt: Date;
  updatedAt: Date;
  status: MessageStatus;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const MAX_BODY_CHARACTERS = 1600;
const REMEMBERED_MESSAGES = 1000;

/**
 * Text messages that the product sends: checked as Twilio checks them, delivered at once, each status told to the
 * callback. Twilio deduplicates nothing here, and neither does this.
 */
export class TwilioMessages {
  private readonly stored: StoredMessage[] = [];

  constructor(
    private readonly accountSid: string,
    private readonly authToken: string,
  ) {}

  /** The newest first. */
  latest(count: number): StoredMessage[] {
    return this.stored.slice(-count).reverse();
  }

  find(sid: string): StoredMessage | undefined {
    return this.stored.find((message) => message.sid === sid);
  }

  create(form: FormFields): StoredMessage {
    const {
      To: to = '',
      From: from,
      MessagingServiceSid: service,
      Body: body = '',
      StatusCallback: statusCallback,
    } = form;
    if (to === '') throw new RestRefusal(400, 21604, "A 'To' phone number is required.");
    if (!E164.test(to)) throw new RestRefusal(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    if (!from && !service) throw new RestRefusal(400, 21603, "A 'From' phone number is required.");
    if (from && !E164.test(from))
      throw new RestRefusal(400, 21212, `Invalid From Number (caller ID): ${from}`);
    if (body === '') throw new RestRefusal(400, 21602, 'Message body is required.');
    if (body.length > MAX_BODY_CHARACTERS)
      throw new RestRefusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
    if (from === to) throw new RestRefusal(400, 21266, "'To' and 'From' number cannot be the same");
    const now = new Date();
    const message: StoredMessage = {
      sid: newSid('SM'),
      accountSid: this.accountSid,
      to,
      from: from ?? null,
      messagingServiceSid: service ?? null,
      body,
      statusCallback,
      createdAt: now,
      updatedAt: now,
      status: service ? 'accepted' : 'queued',
    };
    this.stored.push(message);
    if (this.stored.length > REMEMBERED_MESSAGES) this.stored.shift();
    setImmediate(() => void this.deliver(message));
    return message;
  }

  private async deliver(message: StoredMessage): Promise<void> {
    for (const status of ['queued', 'sent', 'delivered'] as const) {
      message.status = status;
      message.updatedAt = new Date();
      if (message.statusCallback && status !== 'queued') await this.tell(message, message.statusCallback);
    }
  }

  private async tell(message: StoredMessage, url: string): Promise<void> {
    const fields = {
      AccountSid: message.accountSid,
      ApiVersion: '2010-04-01',
      From: message.from ?? '',
      MessageSid: message.sid,
      MessageStatus: message.status,
      SmsSid: message.sid,
      SmsStatus: message.status,
      To: message.to,
      ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    };
    // As at Twilio, a callback that nobody takes changes nothing for the message.
    await requestWebhook({ url, method: 'POST', fields, authToken: this.authToken }).catch(() => undefined);
  }
}
