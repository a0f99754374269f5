import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSid } from './identifiers.js';
import { TwilioMessages, type StoredMessage } from './messages.js';
import type { NetworkCall } from './network-call.js';
import { RestRefusal } from './rest-refusal.js';
import { accountResource, callResource, messageResource } from './rest-resources.js';
import type { FormFields } from './webhooks.js';

export interface RestApiSettings {
  readonly accountSid: string;
  readonly authToken: string;
  readonly basePath: string;
  readonly call: (callSid: string) => NetworkCall | undefined;
}

const MAX_BODY_BYTES = 64 * 1024;

/** The part of Twilio's 2010-04-01 API that the product uses: calls (fetch, update) and messages (create, fetch, list). */
export class TwilioRestApi {
  readonly messages: TwilioMessages;

  constructor(private readonly settings: RestApiSettings) {
    this.messages = new TwilioMessages(settings.accountSid, settings.authToken);
  }

  /** False when the path is not below the API's. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const prefix = `${this.settings.basePath}/2010-04-01/`;
    if (!path.startsWith(prefix)) return false;
    void this.answer(request, path.slice(prefix.length).split('/'))
      .catch((error: unknown) => refusal(error))
      .then(({ status, body }) => {
        const headers = {
          'content-type': 'application/json;charset=utf-8',
          ...(status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {}),
        };
        response.writeHead(status, headers).end(JSON.stringify(body));
      });
    return true;
  }

  private async answer(
    request: IncomingMessage,
    segments: string[],
  ): Promise<{ status: number; body: unknown }> {
    this.authenticate(request);
    const form = request.method === 'POST' ? await readForm(request) : {};
    const [accounts, account = '', ...rest] = segments;
    if (accounts !== 'Accounts' || account.replace(/\.json$/, '') !== this.settings.accountSid)
      throw notFound(segments);
    const route = `${request.method} ${rest.map((segment) => segment.replace(/^(CA|SM)[0-9a-zA-Z]*/, '$1')).join('/')}`;
    const sid = (rest[1] ?? '').replace(/\.json$/, '');
    switch (route) {
      case 'GET ':
        return { status: 200, body: accountResource(this.settings.accountSid) };
      case 'GET Calls/CA.json':
        return { status: 200, body: callResource(this.findCall(sid, segments)) };
      case 'POST Calls/CA.json':
        return { status: 200, body: callResource(this.updateCall(this.findCall(sid, segments), form)) };
      case 'POST Messages.json':
        return { status: 201, body: messageResource(this.messages.create(form)) };
      case 'GET Messages.json':
        return { status: 200, body: this.messageList() };
      case 'GET Messages/SM.json':
        return { status: 200, body: messageResource(this.findMessage(sid, segments)) };
      default:
        throw notFound(segments);
    }
  }

  private authenticate(request: IncomingMessage): void {
    const expected = Buffer.from(
      `Basic ${Buffer.from(`${this.settings.accountSid}:${this.settings.authToken}`).toString('base64')}`,
    );
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new RestRefusal(401, 20003, 'Authenticate');
  }

  private findCall(sid: string, segments: string[]): NetworkCall {
    const call = isSid('CA', sid) ? this.settings.call(sid) : undefined;
    if (!call) throw notFound(segments);
    return call;
  }

  private findMessage(sid: string, segments: string[]): StoredMessage {
    const message = this.messages.find(sid);
    if (!message) throw notFound(segments);
    return message;
  }

  private updateCall(call: NetworkCall, form: FormFields): NetworkCall {
    const { Status: status, Twiml: twiml, Url: url, Method: method = 'POST' } = form;
    if (twiml && url) throw new RestRefusal(400, 21218, "Only one of 'Url' and 'Twiml' may be given");
    if (status !== undefined && status !== 'completed' && status !== 'canceled')
      throw new RestRefusal(400, 21219, `Invalid Status: ${status}`);
    if (method !== 'GET' && method !== 'POST') throw new RestRefusal(400, 21403, `Invalid Method: ${method}`);
    if (url && !/^https?:\/\//.test(url)) throw new RestRefusal(400, 21205, `Url is not a valid URL: ${url}`);
    if (!status && !twiml && !url) throw new RestRefusal(400, 20001, 'Status, Url or Twiml is required');
    if (call.isOver) {
      // Ending what has ended is no error at Twilio; redirecting it is.
      if (status === 'completed') return call;
      throw new RestRefusal(400, 21220, 'Call is not in-progress. Cannot redirect.');
    }
    if (status === 'canceled' && call.answeredAt)
      throw new RestRefusal(400, 21220, 'Call is in progress. Cannot cancel.');
    if (status) call.end(status, 'ended-by-rest');
    else if (!call.answeredAt) throw new RestRefusal(400, 21220, 'Call is not in-progress. Cannot redirect.');
    else
      call.redirect(twiml ? { kind: 'given', twiml } : { kind: 'fetch', url: url ?? '', method, fields: {} });
    return call;
  }

  private messageList(): Record<string, unknown> {
    const uri = `/2010-04-01/Accounts/${this.settings.accountSid}/Messages.json?PageSize=50&Page=0`;
    const messages = this.messages.latest(50).map(messageResource);
    return {
      messages,
      page: 0,
      page_size: 50,
      start: 0,
      end: Math.max(0, messages.length - 1),
      uri,
      first_page_uri: uri,
      next_page_uri: null,
      previous_page_uri: null,
    };
  }
}

function notFound(segments: string[]): RestRefusal {
  return new RestRefusal(
    404,
    20404,
    `The requested resource /2010-04-01/${segments.join('/')} was not found`,
  );
}

function refusal(error: unknown): { status: number; body: unknown } {
  const { status, code, message } =
    error instanceof RestRefusal ? error : new RestRefusal(500, 20500, 'Internal Server Error');
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

async function readForm(request: IncomingMessage): Promise<FormFields> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    throw new RestRefusal(415, 20415, 'Content type is not application/x-www-form-urlencoded');
  }
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_BODY_BYTES) throw new RestRefusal(413, 20413, 'Request is too large');
  }
  return Object.fromEntries(new URLSearchParams(text));
}
