import { EventEmitter } from 'node:events';
import { Ear, type HeardUtterance } from './ear.js';
import type { FakeTwilio, IncomingCallOrder } from './fake-twilio.js';
import type { CallEnd, NetworkCall } from './network-call.js';

/** Tells by their sound alone which words were heard; `PhraseBook` is one. */
export interface Recogniser {
  recognise(mulaw: Uint8Array): { readonly text: string; readonly exact: boolean };
}

export interface HeardText extends HeardUtterance {
  /** What the recogniser made of it; empty when there is none. */
  readonly text: string;
  /** Whether every frame of it arrived undamaged. */
  readonly exact: boolean;
}

interface PhoneEvents {
  assistantSpeaking: [{ atMs: number }];
  assistantFinished: [HeardText];
  /** The caller's voice is on the line from here. */
  callerSpeaking: [{ atMs: number }];
  callerFinished: [{ atMs: number; spokenWhole: boolean }];
  ended: [CallEnd];
}

export interface FakePhoneOptions {
  readonly network: FakeTwilio;
  /** The caller's own number. */
  readonly number: string;
  readonly recogniser?: Recogniser;
}

/** A caller's handset on the fake network. */
export class FakePhone {
  constructor(private readonly options: FakePhoneOptions) {}

  /** Rings at once; the call runs by itself. */
  dial(to: string, order: Omit<IncomingCallOrder, 'from' | 'to'> = {}): PhoneCall {
    const call = this.options.network.placeCall({ ...order, from: this.options.number, to });
    return new PhoneCall(call, this.options.recogniser);
  }
}

/** One call, as the person with the handset at the ear knows it. */
export class PhoneCall extends EventEmitter<PhoneEvents> {
  /** Everything heard so far, in order. */
  readonly heard: HeardText[] = [];
  private readonly ear: Ear;

  constructor(
    readonly network: NetworkCall,
    private readonly recogniser: Recogniser | undefined,
  ) {
    super();
    this.ear = new Ear({
      speaking: (atMs) => void this.emit('assistantSpeaking', { atMs }),
      finished: (utterance) => this.recognise(utterance),
    });
    network.media.onFrame(({ toCaller, atMs }) => this.ear.hear(toCaller, atMs));
    network.on('cleared', (discardedBytes) => this.ear.breakOff(discardedBytes > 0));
    network.on('ended', (end) => {
      this.ear.breakOff(false);
      this.emit('ended', end);
    });
  }

  get callSid(): string {
    return this.network.callSid;
  }

  get ended(): Promise<CallEnd> {
    return this.network.ended;
  }

  get isOver(): boolean {
    return this.network.isOver;
  }

  /** Whether the other side is audible just now. */
  get hearsAssistant(): boolean {
    return this.ear.isHearing;
  }

  /** Milliseconds since the call was answered, on the network's media clock. */
  get atMs(): number {
    return this.network.media.elapsedMs;
  }

  /** Speaks 8 kHz µ-law at the pace of speech; true when all of it was said before the call ended. */
  async say(audio: Uint8Array): Promise<boolean> {
    this.emit('callerSpeaking', { atMs: this.atMs });
    const spokenWhole = await this.network.media.say(audio);
    this.emit('callerFinished', { atMs: this.atMs, spokenWhole });
    return spokenWhole;
  }

  stopSaying(): void {
    this.network.media.stopSaying();
  }

  press(digit: string): void {
    this.network.press(digit);
  }

  hangUp(): void {
    this.network.hangUp();
  }

  private recognise(utterance: HeardUtterance): void {
    const { text, exact } = this.recogniser?.recognise(utterance.audio) ?? { text: '', exact: false };
    const heard: HeardText = { ...utterance, text, exact };
    this.heard.push(heard);
    this.emit('assistantFinished', heard);
  }
}
