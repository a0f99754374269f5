import type { AssistantProfile } from '../../domain/assistant-profile.js';
import type { Clock } from '../../domain/clock.js';
import type { PhraseName } from '../../domain/phrases.js';

/** Calls come first: few sessions of the account's are taken for phrases. */
export const MOST_RENDERINGS = 2;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

/** One phrase of a tenant's that is not in memory yet. */
export interface WantedPhrase {
  readonly key: string;
  readonly profile: AssistantProfile;
  readonly language: string;
  readonly phrase: PhraseName;
  readonly text: string;
}

type Batch = readonly WantedPhrase[];

/** The phrases that are to be made, every tenant's first greeting before anybody's rest; rests when the model does not make them. */
export class RenderingQueue {
  private readonly urgent: Batch[] = [];
  private readonly later: Batch[] = [];
  private running = 0;
  private failuresInARow = 0;
  private isResting = false;
  private isStopped = false;

  constructor(
    private readonly clock: Clock,
    /** Returns what could not be made for now. */
    private readonly make: (batch: Batch) => Promise<Batch>,
    /** False while more greetings may be to come. */
    private readonly allAreKnown: () => boolean,
  ) {}

  /** @param wanted one tenant's */
  add(wanted: Batch): void {
    const greeting = wanted.find(
      ({ phrase, language, profile }) => phrase === 'greeting' && language === profile.languages[0],
    );
    if (greeting) this.urgent.push([greeting]);
    for (const language of new Set(wanted.map((phrase) => phrase.language))) {
      const rest = wanted.filter((phrase) => phrase.language === language && phrase !== greeting);
      if (rest.length > 0) this.later.push(rest);
    }
    this.pump();
  }

  stop(): void {
    this.isStopped = true;
  }

  private pump(): void {
    while (!this.isStopped && !this.isResting && this.running < MOST_RENDERINGS) {
      const from = this.urgent.length > 0 ? this.urgent : this.later;
      if (from === this.later && !this.allAreKnown()) return;
      const batch = from.shift();
      if (!batch) return;
      void this.run(batch, from);
    }
  }

  private async run(batch: Batch, from: Batch[]): Promise<void> {
    this.running += 1;
    const remainder = await this.make(batch);
    this.running -= 1;
    if (remainder.length === 0) this.failuresInARow = 0;
    else {
      // Behind the others: what keeps one tenant's model from speaking is no reason for all to wait.
      from.push(remainder);
      this.rest();
    }
    this.pump();
  }

  private rest(): void {
    if (this.isResting) return;
    const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** this.failuresInARow);
    this.failuresInARow += 1;
    this.isResting = true;
    this.clock.after(restMs, () => {
      this.isResting = false;
      this.pump();
    });
  }
}
