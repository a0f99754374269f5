import type { Clock } from '../../domain/clock.js';
import type { ModelEvent } from '../../domain/model-session.js';
import type { ResponseWish } from '../../domain/response-sequencer.js';
import type { LatencyProbe } from '../../media/latency-probe.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import { Apology } from './apology.js';
import { Filler } from './filler.js';
import { ModelTrouble } from './model-trouble.js';
import type { PreparedSpeech } from './prepared-speech.js';

export interface StandInParts {
  readonly clock: Clock;
  readonly speaker: PacedSpeaker;
  readonly probe: LatencyProbe;
  readonly prepared: PreparedSpeech;
}

export interface StandInHooks {
  callerSpeaks(): boolean;
  askAgain(wish: ResponseWish): void;
}

/** What the caller hears instead of silence while the model is slow, may not be asked, or is gone. */
export class StandIns {
  private readonly filler: Filler;
  private readonly trouble: ModelTrouble;
  private readonly apology: Apology;

  constructor(
    private readonly parts: StandInParts,
    hooks: StandInHooks,
  ) {
    const { clock, speaker, prepared } = parts;
    this.filler = new Filler(clock, () => this.fill());
    this.trouble = new ModelTrouble(clock, {
      bearWithUs: () => hooks.callerSpeaks() || prepared.say('busy'),
      askAgain: (wish) => hooks.askAgain(wish),
    });
    this.apology = new Apology(clock, prepared, speaker);
  }

  callerSpeaks(): void {
    this.filler.cancel();
    this.trouble.callerSpeaks();
  }

  callerStopped(): void {
    this.filler.turnEnded();
  }

  answerBegan(): void {
    this.filler.cancel();
  }

  /** A response is over that has not failed. @param next what it calls for */
  responseEnded(next: ResponseWish | undefined): void {
    this.trouble.recovered();
    if (next?.purpose === 'tool-result') this.filler.toolsCalled();
  }

  responseFailed(
    event: ModelEvent & { type: 'response-ended' },
    wish: ResponseWish,
  ): ReturnType<ModelTrouble['failed']> {
    this.filler.cancel();
    return this.trouble.failed(event, wish);
  }

  /** Something is to be asked for again that the caller waits for. */
  get isWaiting(): boolean {
    return this.trouble.isWaiting;
  }

  get canApologise(): boolean {
    return this.apology.isPossible;
  }

  apologise(then: () => void): void {
    this.apology.begin(then);
  }

  heardMore(): void {
    this.apology.heardMore();
  }

  stop(): void {
    this.filler.cancel();
    this.trouble.stop();
  }

  /** Returns whether the wait for an answer was filled. */
  private fill(): boolean {
    const { speaker, prepared, probe } = this.parts;
    if (!speaker.isQuiet || !prepared.say('filler', { written: false })) return false;
    probe.waitWasFilled();
    return true;
  }
}
