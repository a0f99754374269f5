import { EventEmitter } from 'node:events';
import { callFields, twilioDate, type CallParties, type CallStatus } from './call-fields.js';
import { CallMedia } from './call-media.js';
import type { MediaStream } from './media-stream.js';
import { notice, NOTICES, type Notice } from './notices.js';
import type { SpeechMaker } from './sound.js';
import { TwimlUnreadable, parseTwiml } from './twiml.js';
import type { TimeSource } from './time-source.js';
import { playVerb, type Outcome } from './verbs.js';
import { requestWebhook, type FormFields } from './webhooks.js';

/** How the network treats this call's number: where it asks for instructions and tells of the end. */
export interface NumberSettings {
  readonly voiceUrl: string;
  readonly statusCallback?: string | undefined;
  /** Asked when `voiceUrl` cannot be had, as Twilio's VoiceFallbackUrl. */
  readonly voiceFallbackUrl?: string | undefined;
}

export interface DialedLeg {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
  readonly durationMs: number;
}

export interface NetworkSettings {
  readonly authToken: string;
  readonly time: TimeSource;
  readonly speak: SpeechMaker;
  /** Whether `action` is requested when the stream's socket closed abnormally. Twilio does not document it. */
  readonly actionAfterAbnormalClose: boolean;
  /** What becomes of a <Dial>: nobody answers, unless told otherwise. */
  readonly dialed: (number: string) => DialedLeg;
}

export interface CallEnd {
  readonly callSid: string;
  readonly status: CallStatus;
  /** `caller-hung-up`, `twiml-ended`, `hangup-verb`, `rejected`, `application-error`, `ended-by-rest`. */
  readonly reason: string;
  readonly durationMs: number;
}

interface CallEvents {
  status: [CallStatus];
  notice: [Notice];
  /** A document that was fetched or given, as it came. */
  twiml: [string];
  /** A <Say> began, with its words. */
  said: [string];
  stream: [MediaStream];
  /** The server threw away audio that had not been played. */
  cleared: [number];
  webhook: [{ url: string; fields: FormFields; status: number }];
  ended: [CallEnd];
}

/** Where the call goes next: a document to fetch, or one given by REST. */
export type Instruction =
  | { readonly kind: 'fetch'; readonly url: string; readonly method: string; readonly fields: FormFields }
  | { readonly kind: 'given'; readonly twiml: string };

/** One call as the network sees it: follows its TwiML from the first webhook to the end. */
export class NetworkCall extends EventEmitter<CallEvents> {
  readonly media: CallMedia;
  readonly notices: Notice[] = [];
  readonly createdAt = new Date();
  readonly ended: Promise<CallEnd>;
  status: CallStatus = 'ringing';
  answeredAt: Date | undefined;
  endedAt: Date | undefined;
  stream: MediaStream | undefined;
  /** Digits pressed and not yet collected by a verb. */
  private digitListener: ((digit: string) => void) | undefined;
  private document = new AbortController();
  private pending: Instruction | undefined;
  private finish: ((end: CallEnd) => void) | undefined;
  private answeredAtMs: number | undefined;

  constructor(
    readonly parties: CallParties,
    readonly number: NumberSettings,
    readonly network: NetworkSettings,
  ) {
    super();
    this.media = new CallMedia(network.time);
    this.ended = new Promise((resolve) => (this.finish = resolve));
  }

  get callSid(): string {
    return this.parties.callSid;
  }

  get isOver(): boolean {
    return this.endedAt !== undefined;
  }

  /** Asks the number's voice URL and follows what it says until the call is over. */
  async run(): Promise<CallEnd> {
    let next: Instruction | undefined = {
      kind: 'fetch',
      url: this.number.voiceUrl,
      method: 'POST',
      fields: {},
    };
    while (next && !this.isOver) next = await this.follow(next);
    if (!this.isOver) this.end('completed', 'twiml-ended');
    return this.ended;
  }

  hangUp(): void {
    this.end(this.answeredAt ? 'completed' : 'canceled', 'caller-hung-up');
  }

  press(digit: string): void {
    if (this.stream) this.stream.sendDigit(digit);
    else this.digitListener?.(digit);
  }

  /** A verb that collects digits listens until the returned function is called. */
  onDigit(listener: (digit: string) => void): () => void {
    this.digitListener = listener;
    return () => (this.digitListener = undefined);
  }

  /** Leaves whatever the call is doing and goes on there, as a REST update of the live call does. */
  redirect(instruction: Instruction): void {
    this.pending = instruction;
    this.document.abort();
  }

  answer(): void {
    if (this.answeredAt || this.isOver) return;
    this.answeredAt = new Date();
    this.answeredAtMs = this.network.time.nowMs();
    this.setStatus('in-progress');
    this.media.start();
  }

  end(status: CallStatus, reason: string): void {
    if (this.isOver) return;
    this.endedAt = new Date();
    this.media.stop();
    this.setStatus(status);
    this.document.abort();
    const durationMs = this.answeredAtMs === undefined ? 0 : this.network.time.nowMs() - this.answeredAtMs;
    const end: CallEnd = { callSid: this.callSid, status, reason, durationMs: Math.round(durationMs) };
    this.emit('ended', end);
    this.finish?.(end);
    void this.tellEnd(end);
  }

  report(code: number, message: string): void {
    const entry = notice(code, message, this.callSid);
    this.notices.push(entry);
    this.emit('notice', entry);
  }

  /** Posts to one of the product's addresses, signed, with the call's own fields first. */
  async post(
    url: string,
    method: string,
    fields: FormFields,
    signal?: AbortSignal,
  ): Promise<{ status: number; contentType: string; body: string }> {
    const all = { ...callFields(this.parties, this.status), ...fields };
    const answer = await requestWebhook({
      url,
      method,
      fields: all,
      authToken: this.network.authToken,
      signal,
    });
    this.emit('webhook', { url, fields: all, status: answer.status });
    return answer;
  }

  /** Tells a callback address something; a failure there is a notice and changes nothing for the call. */
  async tell(url: string, method: string, fields: FormFields): Promise<void> {
    try {
      const { status } = await this.post(url, method, fields);
      if (status >= 400) this.report(NOTICES.httpRetrievalFailure, `${url} answered ${status} to a callback`);
    } catch (error) {
      this.report(NOTICES.httpRetrievalFailure, error instanceof Error ? error.message : String(error));
    }
  }

  private async follow(instruction: Instruction): Promise<Instruction | undefined> {
    this.document = new AbortController();
    const { signal } = this.document;
    const outcome = await this.playDocument(instruction, signal);
    if (this.isOver) return undefined;
    const redirected = this.pending;
    this.pending = undefined;
    if (redirected) return redirected;
    if (outcome.kind === 'end') this.end(outcome.status, outcome.reason);
    return outcome.kind === 'goto' ? { ...outcome, kind: 'fetch' } : undefined;
  }

  private async playDocument(instruction: Instruction, signal: AbortSignal): Promise<Outcome> {
    const twiml =
      instruction.kind === 'given' ? instruction.twiml : await this.fetchDocument(instruction, signal);
    if (twiml === undefined)
      return signal.aborted
        ? { kind: 'next' }
        : { kind: 'end', status: 'failed', reason: 'application-error' };
    this.emit('twiml', twiml);
    const base = instruction.kind === 'fetch' ? instruction.url : this.number.voiceUrl;
    try {
      const { verbs, warnings } = parseTwiml(twiml);
      for (const warning of warnings) this.report(NOTICES.schemaWarning, warning);
      for (const verb of verbs) {
        if (verb.name !== 'Reject') this.answer();
        const outcome = await playVerb(this, verb, base, signal);
        if (outcome.kind !== 'next' || signal.aborted) return outcome;
      }
      return { kind: 'end', status: 'completed', reason: 'twiml-ended' };
    } catch (error) {
      if (!(error instanceof TwimlUnreadable)) throw error;
      this.report(error.code, error.message);
      return { kind: 'end', status: 'failed', reason: 'application-error' };
    }
  }

  private async fetchDocument(
    request: Extract<Instruction, { kind: 'fetch' }>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const body = await this.fetchOnce(request.url, request.method, request.fields, signal);
    const fallback = this.number.voiceFallbackUrl;
    if (body !== undefined || !fallback || signal.aborted) return body;
    return this.fetchOnce(
      fallback,
      'POST',
      { ...request.fields, ErrorCode: String(NOTICES.httpRetrievalFailure), ErrorUrl: request.url },
      signal,
    );
  }

  private async fetchOnce(
    url: string,
    method: string,
    fields: FormFields,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    try {
      const answer = await this.post(url, method, fields, signal);
      if (answer.status === 204) return '<Response/>';
      if (answer.status >= 400) this.report(NOTICES.httpRetrievalFailure, `${url} answered ${answer.status}`);
      else if (!/^(text|application)\/xml|^text\/html/.test(answer.contentType))
        this.report(NOTICES.invalidContentType, `${url} answered with "${answer.contentType}"`);
      else return answer.body;
    } catch (error) {
      if (!signal.aborted)
        this.report(NOTICES.httpRetrievalFailure, error instanceof Error ? error.message : String(error));
    }
    return undefined;
  }

  private setStatus(status: CallStatus): void {
    this.status = status;
    this.emit('status', status);
  }

  private async tellEnd(end: CallEnd): Promise<void> {
    if (!this.number.statusCallback) return;
    const seconds = Math.ceil(end.durationMs / 1000);
    await this.tell(this.number.statusCallback, 'POST', {
      CallDuration: String(seconds),
      Duration: String(Math.ceil(seconds / 60)),
      CallbackSource: 'call-progress-events',
      SequenceNumber: '0',
      Timestamp: twilioDate(new Date()),
    });
  }
}
