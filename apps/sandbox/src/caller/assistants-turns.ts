import type { HeardText, PhoneCall } from '@tradeline/testing';

/** What the assistant has said and the caller has not yet reacted to; every wait ends with the call at the latest. */
export class AssistantsTurns {
  readonly answered: Promise<void>;
  readonly over: Promise<void>;
  private unheeded: HeardText[] = [];

  constructor(private readonly call: PhoneCall) {
    this.over = call.ended.then(() => undefined);
    const pickedUp = new Promise<void>((resolve) =>
      call.network.on('status', (status) => status === 'in-progress' && resolve()),
    );
    this.answered = Promise.race([pickedUp, this.over]);
    call.on('assistantFinished', (heard) => this.unheeded.push(heard));
  }

  forget(): void {
    this.unheeded = [];
  }

  /**
   * The next thing that the assistant says, once it has finished saying it. Undefined when it stays silent for the
   * whole time; a sentence that has begun is heard out.
   */
  async next(patienceMs: number): Promise<HeardText | undefined> {
    if (this.unheeded.length === 0) {
      const began = this.call.hearsAssistant || (await this.begin(patienceMs));
      if (began && this.unheeded.length === 0)
        await this.first<void>((resolve) => this.call.once('assistantFinished', () => resolve()));
    }
    return this.unheeded.shift();
  }

  /** True when the assistant is or becomes audible within the time. */
  async begin(patienceMs: number): Promise<boolean> {
    if (this.call.hearsAssistant) return true;
    let timer: NodeJS.Timeout | undefined;
    let heard = (): void => {};
    const began = await this.first<boolean>((resolve) => {
      heard = () => resolve(true);
      this.call.once('assistantSpeaking', heard);
      timer = setTimeout(() => resolve(false), patienceMs);
    });
    clearTimeout(timer);
    this.call.off('assistantSpeaking', heard);
    return began ?? false;
  }

  async pass(durationMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await this.first<void>((resolve) => (timer = setTimeout(resolve, durationMs)));
    clearTimeout(timer);
  }

  /** What `start` resolves with, or undefined when the call ends first. */
  private first<T>(start: (resolve: (value: T) => void) => unknown): Promise<T | undefined> {
    return Promise.race([new Promise<T>((resolve) => void start(resolve)), this.over.then(() => undefined)]);
  }
}
