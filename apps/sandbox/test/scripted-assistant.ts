import type { PhraseBook, ReceivedStream, Speech } from '@tradeline/testing';

/** What the assistant says to what it heard; `undefined` ends the call, an empty text says nothing. */
export type Reply = (heard: string) => string | undefined;

interface AssistantOptions {
  readonly speech: Speech;
  readonly phraseBook: PhraseBook;
  readonly language: string;
  readonly greeting: string;
  readonly reply: Reply;
  /** Hears nothing of its own stream, only what `listen` is given. */
  readonly deaf?: boolean;
  /** Closes the stream when the caller has said nothing for so long. */
  readonly closeAfterSilenceMs?: number;
}

const FRAME_MS = 20;
const TURN_ENDS_AFTER_MS = 300;

/**
 * An assistant for tests of the callers: hears by the same book that a model would, stops when spoken over, answers by
 * a function. It is the stream's server side, so the whole phone network lies between it and the caller.
 */
export class ScriptedAssistant {
  readonly heard: string[] = [];
  private turn: Uint8Array[] = [];
  private silentMs = 0;
  private playing = 0;
  private streamSid = '';

  constructor(
    private readonly stream: ReceivedStream,
    private readonly options: AssistantOptions,
  ) {
    stream.socket.on('message', (data) => this.receive(JSON.parse(String(data)) as StreamMessage));
  }

  private receive(message: StreamMessage): void {
    if (message.event === 'start') {
      this.streamSid = message.streamSid;
      void this.speak(this.options.greeting);
    }
    if (message.event === 'mark') this.playing -= 1;
    if (message.event === 'media' && message.media && !this.options.deaf)
      this.listen(Buffer.from(message.media.payload, 'base64'));
  }

  /** One frame of what reaches its ear. */
  listen(frame: Uint8Array): void {
    const audible = frame.some((byte) => byte !== 0xff && byte !== 0x7f);
    this.silentMs = audible ? 0 : this.silentMs + FRAME_MS;
    if (audible && this.playing > 0) this.send({ event: 'clear' });
    if (audible || this.turn.length > 0) this.turn.push(frame);
    if (this.turn.length > 0 && this.silentMs >= TURN_ENDS_AFTER_MS) this.endTurn();
    const patience = this.options.closeAfterSilenceMs;
    if (patience !== undefined && this.playing === 0 && this.silentMs >= patience)
      this.stream.socket.close(1000);
  }

  private endTurn(): void {
    const { text } = this.options.phraseBook.recognise(Buffer.concat(this.turn));
    this.turn = [];
    this.heard.push(text);
    const reply = this.options.reply(text);
    if (reply === undefined) this.stream.socket.close(1000);
    else if (reply !== '') void this.speak(reply);
  }

  private async speak(text: string): Promise<void> {
    const { speech, phraseBook, language } = this.options;
    const audio = await speech.speak(text, language, 'assistant');
    phraseBook.register(text, language, audio);
    this.playing += 1;
    this.send({ event: 'media', media: { payload: Buffer.from(audio).toString('base64') } });
    this.send({ event: 'mark', mark: { name: text.slice(0, 20) } });
  }

  private send(message: Record<string, unknown>): void {
    this.stream.socket.send(JSON.stringify({ ...message, streamSid: this.streamSid }));
  }
}

interface StreamMessage {
  readonly event: string;
  readonly streamSid: string;
  readonly media?: { readonly payload: string };
}
