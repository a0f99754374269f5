import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type * as http from 'twilio/lib/http/response.js';
import type TwilioClient from 'twilio/lib/rest/Twilio.js';

export interface TwilioRestOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** TWILIO_API_BASE_URL: stands where https://api.twilio.com would, path prefix included. */
  readonly baseUrl: string;
  /** A live caller waits for the answer, so a request that hangs is given up. */
  readonly timeoutMs?: number;
}

/**
 * What came of changing a call: `gone` when Twilio does not know it or it has ended, which callers of this
 * treat as done; `failed` when the outcome is not known and it may be tried again.
 */
export type CallUpdate =
  | { readonly kind: 'updated' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly detail: string };

export interface OutgoingMessage {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly statusCallback?: string;
}

const DEFAULT_TIMEOUT_MS = 2_000;
const API_ORIGIN = /^https:\/\/api(?:\.[a-z0-9-]+)*\.twilio\.com/;

/** Twilio's codes for a call that cannot be changed any more: 20404 unknown, 21220 not in progress. */
const GONE_CODES: ReadonlySet<number> = new Set([20404, 21220]);

const codeOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, status } = error as { code?: unknown; status?: unknown };
  return typeof code === 'number' ? code : status === 404 ? 20404 : undefined;
};

/** Twilio's REST API, in the few verbs that we need. */
export class TwilioRest {
  private client: Promise<TwilioClient> | undefined;

  constructor(private readonly options: TwilioRestOptions) {}

  /** Replaces what a live call is doing by new TwiML. */
  updateCall(callSid: string, change: { readonly twiml: string }): Promise<CallUpdate> {
    return this.change(callSid, change);
  }

  hangUp(callSid: string): Promise<CallUpdate> {
    return this.change(callSid, { status: 'completed' });
  }

  /**
   * Sends a message. Twilio has no key against doubles: after a time-out nobody knows whether it went out.
   * @throws Twilio's RestException, or a time-out
   */
  async createMessage(message: OutgoingMessage): Promise<{ readonly sid: string; readonly status: string }> {
    const client = await this.connect();
    const { sid, status } = await client.messages.create({ ...message });
    return { sid, status };
  }

  private async change(
    callSid: string,
    change: { twiml: string } | { status: 'completed' },
  ): Promise<CallUpdate> {
    try {
      const client = await this.connect();
      await client.calls(callSid).update(change);
      return { kind: 'updated' };
    } catch (error) {
      const code = codeOf(error);
      if (code !== undefined && GONE_CODES.has(code)) return { kind: 'gone' };
      return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The SDK takes a tenth of a second to load, which nobody who only reads webhooks should pay. */
  private connect(): Promise<TwilioClient> {
    this.client ??= this.load();
    return this.client;
  }

  private async load(): Promise<TwilioClient> {
    const [{ default: Requests }, { default: Client }] = await Promise.all([
      import('twilio/lib/base/RequestClient.js'),
      import('twilio/lib/rest/Twilio.js'),
    ]);
    const { accountSid, authToken, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    const baseUrl = this.options.baseUrl.replace(/\/+$/, '');
    class AtBaseUrl extends Requests {
      override request<TData>(opts: RequestClient.RequestOptions<TData>): Promise<http.default<TData>> {
        // A replacement function, because "$" in a base URL must stay what it is.
        return super.request({ ...opts, uri: opts.uri.replace(API_ORIGIN, () => baseUrl) });
      }
    }
    return new Client(accountSid, authToken, { httpClient: new AtBaseUrl({ timeout: timeoutMs }) });
  }
}
