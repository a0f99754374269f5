import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSid, newSid } from './identifiers.js';
import { NetworkCall, type DialedLeg, type NetworkSettings, type NumberSettings } from './network-call.js';
import type { Notice } from './notices.js';
import { TwilioRestApi } from './rest-api.js';
import { humSpeech, type SpeechMaker } from './sound.js';
import { realTime, type TimeSource } from './time-source.js';

export interface FakeTwilioOptions {
  readonly authToken: string;
  /** `AC` and 32 hexadecimal digits; made up when absent. */
  readonly accountSid?: string;
  /** Where the product is reached: webhooks go to `<publicUrl>/twilio/voice` and `/twilio/voice/status`. */
  readonly publicUrl?: string;
  /** Path under which `handleHttp` serves the REST API; `/twilio` unless told otherwise. */
  readonly basePath?: string;
  readonly time?: TimeSource;
  /** The voice of <Say>; a hum of the right length unless told otherwise. */
  readonly speak?: SpeechMaker;
  /** Whether `action` is requested after an abnormal close of the stream (yes unless told otherwise). */
  readonly actionAfterAbnormalClose?: boolean;
  /** What becomes of a <Dial>; nobody answers unless told otherwise. */
  readonly dialed?: (number: string) => DialedLeg;
}

export interface IncomingCallOrder {
  /** E.164, or what Twilio sends for a caller who hides: `anonymous`. */
  readonly from: string;
  readonly to: string;
  readonly callerName?: string;
  /** Twilio's verdict on the caller's identity, as `TN-Validation-Passed-A`. */
  readonly stirVerstat?: string;
  /** Instead of the options' one, for this call. */
  readonly publicUrl?: string;
  /** Instead of the addresses that follow from `publicUrl`. */
  readonly number?: NumberSettings;
}

/** Ended calls that the REST API still knows; older ones are forgotten so that a long demo stays small. */
const REMEMBERED_CALLS = 1000;
const REMEMBERED_NOTICES = 1000;

/**
 * The phone network and Twilio's API in one process. It knows of the product what Twilio knows: a public address,
 * two paths and the auth token. Calls come in through `placeCall`; the product's own requests through `handleHttp`.
 */
export class FakeTwilio {
  readonly accountSid: string;
  readonly notices: Notice[] = [];
  readonly rest: TwilioRestApi;
  private readonly calls = new Map<string, NetworkCall>();
  private readonly network: NetworkSettings;

  constructor(private readonly options: FakeTwilioOptions) {
    this.accountSid = options.accountSid ?? newSid('AC');
    if (!isSid('AC', this.accountSid))
      throw new Error(`"${this.accountSid}" is no account SID: AC and 32 hexadecimal digits are expected`);
    this.network = {
      authToken: options.authToken,
      time: options.time ?? realTime,
      speak: options.speak ?? humSpeech,
      actionAfterAbnormalClose: options.actionAfterAbnormalClose ?? true,
      dialed: options.dialed ?? (() => ({ status: 'no-answer', durationMs: 30_000 })),
    };
    this.rest = new TwilioRestApi({
      accountSid: this.accountSid,
      authToken: options.authToken,
      basePath: options.basePath ?? '/twilio',
      call: (sid) => this.calls.get(sid),
    });
  }

  /** Rings the product. The call runs by itself; its events and its `ended` promise tell what becomes of it. */
  placeCall(order: IncomingCallOrder): NetworkCall {
    const parties = {
      callSid: newSid('CA'),
      accountSid: this.accountSid,
      from: order.from,
      to: order.to,
      callerName: order.callerName,
      stirVerstat: order.stirVerstat,
    };
    const call = new NetworkCall(parties, order.number ?? this.numberAt(order.publicUrl), this.network);
    this.remember(call);
    call.on('notice', (entry) => {
      this.notices.push(entry);
      if (this.notices.length > REMEMBERED_NOTICES) this.notices.shift();
    });
    // The next turn of the event loop, so that whoever placed the call has subscribed to its events.
    setImmediate(() => void call.run());
    return call;
  }

  /** Serves the REST API; false when the request is not for it. */
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean {
    return this.rest.handle(request, response);
  }

  call(callSid: string): NetworkCall | undefined {
    return this.calls.get(callSid);
  }

  get callsInProgress(): number {
    return [...this.calls.values()].filter((call) => !call.isOver).length;
  }

  /** Hangs up every call; resolves when all are over. */
  async hangUpAll(): Promise<void> {
    const open = [...this.calls.values()].filter((call) => !call.isOver);
    for (const call of open) call.hangUp();
    await Promise.all(open.map((call) => call.ended));
  }

  private numberAt(publicUrl = this.options.publicUrl): NumberSettings {
    if (!publicUrl) throw new Error('a call needs publicUrl, in the options or in the order');
    const base = publicUrl.replace(/\/$/, '');
    return { voiceUrl: `${base}/twilio/voice`, statusCallback: `${base}/twilio/voice/status` };
  }

  private remember(call: NetworkCall): void {
    this.calls.set(call.callSid, call);
    for (const [sid, known] of this.calls) {
      if (this.calls.size <= REMEMBERED_CALLS) return;
      if (known.isOver) this.calls.delete(sid);
    }
  }
}
