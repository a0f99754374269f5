import type { PhraseStore } from '@tradeline/messaging';
import type { AssistantProfile, Assistants } from '../../domain/assistant-profile.js';
import type { Clock } from '../../domain/clock.js';
import type { ModelSession } from '../../domain/model-session.js';
import { phraseText } from '../../domain/phrase-audio.js';
import { PHRASE_NAMES } from '../../domain/phrases.js';
import type { PhraseKeys } from '../../integrations/phrases/phrase-keys.js';
import type { PhraseMemory } from '../../integrations/phrases/phrase-memory.js';
import { phraseLeft, phraseMade, phrasesNotMade } from '../../telemetry.js';
import { PhraseMouth } from './phrase-mouth.js';
import { RenderingQueue, type WantedPhrase } from './rendering-queue.js';

/** The first attempt, and two more. */
const MOST_ATTEMPTS = 3;
/** Another instance is making it; or the bus did not answer. */
export const LOOK_AGAIN_MS = 20_000;
/** A phrase in use is written again by half its time. */
const REFRESH_AFTER_MS = 30 * 24 * 60 * 60_000;

export interface PreparePhrasesParts {
  readonly clock: Clock;
  readonly assistants: Assistants;
  readonly keys: PhraseKeys;
  readonly memory: PhraseMemory;
  readonly store: Pick<PhraseStore, 'get' | 'put' | 'claim' | 'announceBusy'>;
  /** A session that speaks as a tenant's calls do. */
  open(profile: AssistantProfile): ModelSession;
}

/**
 * Sees to it that every tenant's fixed phrases are in memory as sound before anybody calls: found in the bucket that all bridges
 * share, or made by the tenant's own model and voice. No call waits for any of it.
 */
export class PreparePhrases {
  private readonly queue: RenderingQueue;
  /** Looked for or to be made. */
  private readonly underway = new Set<string>();
  /** The model does not say these as they stand. */
  private readonly left = new Set<string>();
  private readonly mouths = new Set<PhraseMouth>();
  private looking: Promise<void> = Promise.resolve();
  /** Tenants whose phrases are being looked for. */
  private lookups = 0;
  private isStopped = false;

  constructor(private readonly parts: PreparePhrasesParts) {
    this.queue = new RenderingQueue(
      parts.clock,
      (batch) => this.makeOrNot(batch),
      () => this.lookups === 0,
    );
  }

  /** Follows the tenants' profiles from now on. Settles when what is in the bucket for those that are known has been read. */
  follow(): Promise<void> {
    this.parts.assistants.follow((profile) => this.prepare(profile));
    this.parts.memory.onMissed(({ tenantId }) => this.prepareLatest(tenantId));
    return this.looking;
  }

  stop(): void {
    this.isStopped = true;
    this.queue.stop();
    for (const mouth of this.mouths) mouth.close();
  }

  private prepare(profile: AssistantProfile): void {
    const wanted = this.wantedBy(profile);
    if (wanted.length === 0) return;
    for (const { key } of wanted) this.underway.add(key);
    this.lookups += 1;
    // One tenant after the other, so that thousands do not ask the bus at once.
    this.looking = this.looking.then(async () => {
      const found = await Promise.all(wanted.map((phrase) => this.find(phrase)));
      this.lookups -= 1;
      this.queue.add(wanted.filter((_, index) => !found[index]));
    });
  }

  private wantedBy(profile: AssistantProfile): WantedPhrase[] {
    const wanted = new Map<string, WantedPhrase>();
    if (this.isStopped) return [];
    for (const language of profile.languages)
      for (const phrase of PHRASE_NAMES) {
        const text = phraseText(profile, language, phrase);
        const key = this.parts.keys.of(profile, text);
        if (!this.parts.memory.has(key) && !this.underway.has(key) && !this.left.has(key))
          wanted.set(key, { key, profile, language, phrase, text });
      }
    return [...wanted.values()];
  }

  /** True when it is in memory now. */
  private async find(wanted: WantedPhrase): Promise<boolean> {
    const { key } = wanted;
    const { memory, store, clock } = this.parts;
    const stored = memory.has(key) ? undefined : await store.get(key).catch(() => undefined);
    if (stored) {
      memory.keep(key, stored.bytes);
      if (clock.now().getTime() - stored.storedAt.getTime() > REFRESH_AFTER_MS)
        void store.put(key, stored.bytes).catch(() => undefined);
    }
    if (!memory.has(key)) return false;
    this.underway.delete(key);
    await this.announce(wanted);
    return true;
  }

  /** The phone network's door says one of them itself, and cannot tell its key. */
  private async announce({ phrase, key, profile, language }: WantedPhrase): Promise<void> {
    if (phrase === 'allLinesBusy')
      await this.parts.store.announceBusy(profile.tenantId, language, key).catch(() => undefined);
  }

  /** A mistake of ours must not end the calls. */
  private makeOrNot(batch: readonly WantedPhrase[]): Promise<readonly WantedPhrase[]> {
    return this.make(batch).catch((error: unknown) => {
      phrasesNotMade(batch[0]?.profile.tenantId ?? '', String(error));
      return batch;
    });
  }

  /** Makes phrases of one tenant and language in one session; returns those that are to be tried again when the model is well. */
  private async make(batch: readonly WantedPhrase[]): Promise<readonly WantedPhrase[]> {
    let mouth: PhraseMouth | undefined;
    try {
      for (const [index, wanted] of batch.entries()) {
        if (this.isStopped) return [];
        if (!this.isStillWanted(wanted)) continue;
        if ((await this.find(wanted)) || !(await this.mayMake(wanted))) continue;
        mouth ??= this.openMouth(wanted.profile);
        if (!(await this.makeOne(mouth, wanted))) return batch.slice(index);
      }
      return [];
    } finally {
      if (mouth) {
        mouth.close();
        this.mouths.delete(mouth);
      }
    }
  }

  /** The profile may have changed while it waited. */
  private isStillWanted({ key, profile: { tenantId }, language, phrase }: WantedPhrase): boolean {
    const { assistants, keys } = this.parts;
    const latest = assistants.of(tenantId);
    const isWanted = latest && keys.of(latest, phraseText(latest, language, phrase)) === key;
    if (!isWanted) this.underway.delete(key);
    return isWanted ?? false;
  }

  private async mayMake({ key, profile }: WantedPhrase): Promise<boolean> {
    const isOurs = await this.parts.store.claim(key).catch(() => false);
    if (isOurs) return true;
    this.underway.delete(key);
    this.parts.clock.after(LOOK_AGAIN_MS, () => this.prepareLatest(profile.tenantId));
    return false;
  }

  private prepareLatest(tenantId: string): void {
    const profile = this.parts.assistants.of(tenantId);
    if (profile) this.prepare(profile);
  }

  private openMouth(profile: AssistantProfile): PhraseMouth {
    const mouth = new PhraseMouth(this.parts.open(profile), this.parts.clock);
    this.mouths.add(mouth);
    return mouth;
  }

  /** False when the model is not well. */
  private async makeOne(mouth: PhraseMouth, wanted: WantedPhrase): Promise<boolean> {
    const { key, profile, phrase, text } = wanted;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const rendering = await mouth.say(phrase, text);
      if (rendering.kind === 'failed') {
        if (!this.isStopped) phrasesNotMade(profile.tenantId, rendering.fault);
        return false;
      }
      if (rendering.kind === 'wrong-words') continue;
      this.parts.memory.keep(key, rendering.sound);
      this.underway.delete(key);
      await this.parts.store.put(key, rendering.sound).then(
        () => this.announce(wanted),
        () => undefined,
      );
      phraseMade(profile.tenantId, phrase);
      return true;
    }
    this.left.add(key);
    this.underway.delete(key);
    phraseLeft(profile.tenantId, phrase);
    return true;
  }
}
