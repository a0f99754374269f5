import { BYTES_PER_MS, decodedLength, msOf } from './audio-format.js';
import type { ModelEvent, SaidBefore } from './model-session.js';
import type { OwnSpeech } from './own-speech.js';
import { heardPrefix, type SpeakerRole } from './transcript.js';

/** Of a long call the beginning matters least: what was found out is told apart from it. */
const MAX_MESSAGES = 200;

interface Message {
  readonly itemId: string;
  readonly speaker: SpeakerRole;
  readonly responseId?: string;
  text: string;
  audioBytes: number;
  /** It was stopped: nothing is added to it any more. */
  cut: boolean;
}

/** What was said in a session, as far as the caller heard it: the memory of the session that follows. */
export class SessionMemory {
  private messages: Message[] = [];

  /** Words of before this session. */
  add(said: readonly SaidBefore[]): void {
    for (const { speaker, text } of said) this.keep({ itemId: '', speaker, text, audioBytes: 0, cut: true });
  }

  /** Something was said in the session's place. */
  spokenForIt({ itemId, text, durationMs }: OwnSpeech): void {
    this.keep({ itemId, speaker: 'assistant', text, audioBytes: durationMs * BYTES_PER_MS, cut: false });
  }

  hear(event: ModelEvent): void {
    switch (event.type) {
      case 'caller-committed':
        return void this.callerTurn(event.itemId);
      case 'caller-transcribed':
        this.callerTurn(event.itemId).text = event.text.trim();
        return;
      case 'words': {
        const message = this.spoken(event.responseId, event.itemId);
        if (!message.cut) message.text += event.delta;
        return;
      }
      case 'audio': {
        const message = this.spoken(event.responseId, event.itemId);
        if (!message.cut) message.audioBytes += decodedLength(event.audio);
        return;
      }
      case 'speech-complete': {
        const message = this.find(event.itemId);
        if (message && !message.cut && event.text !== undefined) message.text = event.text;
        return;
      }
      default:
        return;
    }
  }

  /** The response is given up: what has no sound yet will never be heard. */
  cancelled(responseId: string): void {
    for (const message of this.messages) {
      if (message.responseId !== responseId || message.cut) continue;
      if (message.audioBytes > 0) continue;
      message.cut = true;
      message.text = '';
    }
  }

  /** An item was stopped; `heard` where its heard words are known exactly. Returns what was heard of it. */
  truncated(itemId: string, heardMs: number, heard: string | undefined): string | undefined {
    const message = this.find(itemId);
    if (!message || message.cut) return undefined;
    message.cut = true;
    message.text = heard ?? heardPrefix(message.text, heardMs, msOf(message.audioBytes));
    return message.text;
  }

  /** Oldest first. */
  get said(): readonly SaidBefore[] {
    return this.messages.filter(({ text }) => text !== '').map(({ speaker, text }) => ({ speaker, text }));
  }

  private callerTurn(itemId: string): Message {
    return this.find(itemId) ?? this.keep({ itemId, speaker: 'caller', text: '', audioBytes: 0, cut: false });
  }

  private spoken(responseId: string, itemId: string): Message {
    return (
      this.find(itemId) ??
      this.keep({ itemId, speaker: 'assistant', responseId, text: '', audioBytes: 0, cut: false })
    );
  }

  private find(itemId: string): Message | undefined {
    return this.messages.findLast((message) => message.itemId === itemId);
  }

  private keep(message: Message): Message {
    this.messages.push(message);
    if (this.messages.length > MAX_MESSAGES) this.messages.shift();
    return message;
  }
}
