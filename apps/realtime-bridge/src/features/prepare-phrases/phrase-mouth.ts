import type { Clock } from '../../domain/clock.js';
import { greetInstruction, sayInstruction } from '../../domain/instructions.js';
import type { ModelEvent, ModelSession } from '../../domain/model-session.js';
import { areSameWords } from '../../domain/phrase-audio.js';
import type { PhraseName } from '../../domain/phrases.js';

/** A sentence is made faster than it is spoken; what takes longer than this does not come. */
export const RENDERING_PATIENCE_MS = 20_000;
/** Forty seconds of sound: no phrase is that long, and the bus carries no message of a megabyte. */
const MAX_SOUND_BYTES = 320_000;

export type Rendering =
  | { readonly kind: 'made'; readonly sound: Uint8Array }
  /** The model has said something else. */
  | { readonly kind: 'wrong-words' }
  | { readonly kind: 'failed'; readonly fault: string };

interface Saying {
  readonly orderId: string;
  readonly text: string;
  responseId: string | undefined;
  readonly sound: Buffer[];
  bytes: number;
  /** By item, in their order. */
  readonly words: Map<string, string>;
  settle(rendering: Rendering): void;
}

/** A model's session to which nobody listens but us: says phrases, one after the other, and gives their sound. */
export class PhraseMouth {
  private saying: Saying | undefined;
  private fault: string | undefined;
  private serial = 0;

  constructor(
    private readonly session: ModelSession,
    private readonly clock: Clock,
  ) {
    session.listen((event) => this.hear(event));
  }

  async say(phrase: PhraseName, text: string): Promise<Rendering> {
    const opening = await this.session.opened;
    if (opening.kind === 'failed') return opening;
    if (this.fault !== undefined) return { kind: 'failed', fault: this.fault };
    this.serial += 1;
    const orderId = `phrase_${this.serial}`;
    return new Promise((resolve) => {
      const cancel = this.clock.after(RENDERING_PATIENCE_MS, () => this.fail('timeout'));
      this.saying = {
        orderId,
        text,
        responseId: undefined,
        sound: [],
        bytes: 0,
        words: new Map(),
        settle: (rendering) => {
          this.saying = undefined;
          cancel();
          resolve(rendering);
        },
      };
      const isGreeting = phrase === 'greeting';
      this.session.respond({
        orderId,
        purpose: isGreeting ? 'greeting' : 'answer',
        instructions: isGreeting ? greetInstruction(text) : sayInstruction(text),
      });
    });
  }

  close(): void {
    this.session.close();
  }

  private hear(event: ModelEvent): void {
    const { saying } = this;
    if (event.type === 'closed') {
      this.fault = event.fault;
      return this.fail(event.fault);
    }
    if (!saying) return;
    if (event.type === 'response-began' && event.orderId === saying.orderId)
      saying.responseId = event.responseId;
    else if (event.type === 'refused-as-active') this.fail('refused');
    else if (event.type === 'problem' && (event.severity === 'fatal' || event.orderId === saying.orderId))
      this.fail(event.code);
    else if ('responseId' in event && event.responseId === saying.responseId) this.take(event, saying);
  }

  private take(event: ModelEvent & { responseId: string }, saying: Saying): void {
    switch (event.type) {
      case 'audio': {
        const piece = Buffer.from(event.audio, 'base64');
        saying.sound.push(piece);
        saying.bytes += piece.length;
        return saying.bytes > MAX_SOUND_BYTES ? this.fail('endless') : undefined;
      }
      case 'words':
        saying.words.set(event.itemId, (saying.words.get(event.itemId) ?? '') + event.delta);
        return;
      case 'speech-complete':
        if (event.text !== undefined) saying.words.set(event.itemId, event.text);
        return;
      case 'response-ended':
        if (event.status === 'completed') return saying.settle(this.judge(saying));
        return this.fail(event.errorCode ?? event.status);
      default:
        return;
    }
  }

  private judge({ text, words, sound, bytes }: Saying): Rendering {
    const isRight = bytes > 0 && areSameWords([...words.values()].join(' '), text);
    return isRight ? { kind: 'made', sound: Buffer.concat(sound) } : { kind: 'wrong-words' };
  }

  private fail(fault: string): void {
    this.saying?.settle({ kind: 'failed', fault });
  }
}
