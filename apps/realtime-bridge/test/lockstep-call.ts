import {
  CallMedia,
  CallRecorder,
  createSpeech,
  decodeMuLaw,
  followSpeech,
  type FilePart,
  type FollowedSpeech,
  type MediaFrame,
  RawStream,
  readServerMessage,
  readWav,
  type Segment,
  speechSegments,
} from '@tradeline/testing';
import { AUTH_TOKEN, type BridgeUnderTest, type HeldPlace } from './bridge-under-test.js';
import { ListeningModel, type Move } from './listening-model.js';

/** Fine enough that what the bridge's own timers send meets the frame it is meant for. */
const STEP_MS = 5;
const SPEECH = createSpeech();
export const assistantsVoice = (text: string): Promise<Uint8Array> => SPEECH.speak(text, 'en', 'assistant');

/** A piece of audio as it came in from the bridge, and when on the media clock. */
interface Arrival {
  readonly atMs: number;
  readonly audio: Uint8Array;
}

/**
 * A call of the sandbox's own phone, on the test's clock: sockets are real, and the clock moves on only when everybody has
 * heard all that was said at this moment. So what is late in it is late by the bridge's doing, and never by the machine's.
 */
export class LockstepCall {
  /** A muted phone sends no frames, and its clock goes on. */
  muted = false;
  private readonly media: CallMedia;
  private readonly recorder: CallRecorder;
  private readonly answeredAtMs: number;
  private readonly arrivals: Arrival[] = [];
  private file = Buffer.alloc(0);
  private read = 0;
  private sent = 0;
  private settledTraffic = 0;

  private constructor(
    private readonly bridge: BridgeUnderTest,
    readonly place: HeldPlace,
    private readonly stream: RawStream,
    private readonly model: ListeningModel,
  ) {
    this.answeredAtMs = bridge.clock.nowMs();
    this.media = new CallMedia(bridge.clock);
    this.recorder = new CallRecorder((part) => this.write(part));
    this.media.onFrame((frame) => this.exchange(frame));
  }

  /** @param setupMs from the reservation to the stream's start */
  static async answer(bridge: BridgeUnderTest, moves: Move[], setupMs = 0): Promise<LockstepCall> {
    const place = await bridge.place();
    bridge.clock.advance(setupMs);
    const stream = await RawStream.open({ url: place.streamUrl, authToken: AUTH_TOKEN });
    const model = new ListeningModel(place.model, bridge.clock, assistantsVoice, moves);
    const call = new LockstepCall(bridge, place, stream, model);
    const { writer, accountSid } = stream;
    call.send(writer.connected());
    call.send(
      writer.start({ accountSid, callSid: place.callSid, customParameters: { token: place.streamToken } }),
    );
    await bridge.letIn(place);
    call.media.start();
    await call.settle();
    return call;
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.bridge.clock.advance(STEP_MS);
      await this.settle();
    }
  }

  /** Speaks to the end of the sentence. */
  async say(sentence: string): Promise<void> {
    const audio = await SPEECH.speak(sentence, 'en', 'caller');
    this.model.expect(sentence);
    let said = false;
    void this.media.say(audio).then(() => (said = true));
    while (!said) await this.pass(STEP_MS);
  }

  /** Until the assistant has been silent for so long, and its phone has nothing to play. */
  async assistantIsSilent(forMs = 700): Promise<void> {
    let silentMs = 0;
    while (silentMs < forMs) {
      await this.pass(20);
      silentMs = this.media.playout.bufferedBytes > 0 ? 0 : silentMs + 20;
    }
  }

  async assistantBegins(): Promise<void> {
    while (this.media.playout.bufferedBytes === 0) await this.pass(STEP_MS);
  }

  async hangUp(): Promise<void> {
    this.media.stop();
    this.recorder.close();
    this.send(this.stream.writer.stop(this.stream.accountSid, this.place.callSid));
    this.stream.close();
    await this.stream.closed;
  }

  /** When the model declared the caller's turn of that number over, from 0. */
  declaredAtMs(turn: number): number {
    return (this.model.declaredAtMs[turn] ?? NaN) - this.answeredAtMs;
  }

  /** When the first audio of a sentence came in from the bridge. */
  async cameInAtMs(sentence: string): Promise<number> {
    const audio = await assistantsVoice(sentence);
    const first = this.arrivals.find((arrival) =>
      audio.subarray(0, arrival.audio.length).every((byte, i) => byte === arrival.audio[i]),
    );
    if (!first) throw new Error(`nothing came in of "${sentence}"`);
    return first.atMs;
  }

  /** Messages of the stream, as the phone has counted them. */
  get messages(): { readonly toBridge: number; readonly fromBridge: number } {
    return { toBridge: this.sent, fromBridge: this.read };
  }

  /** The recording as a file, which is all that is known of the call to whoever listens to it. */
  get wav(): Uint8Array {
    return this.file;
  }

  private exchange(frame: MediaFrame): void {
    this.recorder.hear(frame);
    for (const name of frame.marksDue) this.send(this.stream.writer.mark(name));
    if (!this.muted) this.send(this.stream.writer.media(frame.fromCaller, frame.atMs));
  }

  private async settle(): Promise<void> {
    // A round in which nobody said anything proves that nothing is on its way; what was said in the round before it, though,
    // may have been heard in this one only, and answered.
    for (let quiet = 0, needed = 1; quiet < needed;) {
      await this.stream.answered();
      this.listen();
      await this.place.model.answered();
      this.model.listen();
      const traffic = this.read + this.sent + this.model.traffic;
      if (traffic === this.settledTraffic) quiet += 1;
      else [quiet, needed] = [0, 2];
      this.settledTraffic = traffic;
    }
  }

  private listen(): void {
    const { playout } = this.media;
    for (const text of this.stream.received.slice(this.read)) {
      this.read += 1;
      const message = readServerMessage(text, this.stream.streamSid);
      if (message.event === 'refused') throw new Error(message.reason);
      if (message.event === 'media') {
        playout.append(message.audio);
        this.arrivals.push({ atMs: this.bridge.clock.nowMs() - this.answeredAtMs, audio: message.audio });
      } else if (message.event === 'clear')
        for (const mark of playout.clear().marks) this.send(this.stream.writer.mark(mark));
      else if (playout.mark(message.name)) this.send(this.stream.writer.mark(message.name));
    }
  }

  private send(text: string): void {
    this.sent += 1;
    this.stream.send(text);
  }

  private write({ at, bytes }: FilePart): void {
    const whole = Buffer.alloc(Math.max(this.file.length, at + bytes.length));
    this.file.copy(whole);
    whole.set(bytes, at);
    this.file = whole;
  }
}

/** What can be told from a recording alone. */
export class ListenedTo {
  readonly caller: readonly Segment[];
  readonly assistant: readonly Segment[];
  private readonly right: Int16Array;

  constructor(wav: Uint8Array) {
    const [left = new Int16Array(), right = new Int16Array()] = readWav(wav).channels;
    this.right = right;
    this.caller = speechSegments(left);
    this.assistant = speechSegments(right);
  }

  /** Looks for a sentence of the assistant's in the caller's ear. */
  async heard(sentence: string, fromMs = 0): Promise<FollowedSpeech | undefined> {
    return followSpeech(decodeMuLaw(await assistantsVoice(sentence)), this.right, fromMs);
  }
}
