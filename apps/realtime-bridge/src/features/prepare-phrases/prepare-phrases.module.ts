import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PhraseStore } from '@tradeline/messaging';
import { BridgeSettings } from '../../bridge-settings.js';
import { Assistants } from '../../domain/assistant-profile.js';
import { Clock } from '../../domain/clock.js';
import { ModelSessions } from '../../domain/model-session.js';
import { PhraseKeys } from '../../integrations/phrases/phrase-keys.js';
import { PhraseMemory } from '../../integrations/phrases/phrase-memory.js';
import { PreparePhrases } from './prepare-phrases.js';
import { speakingPlan } from './speaking-plan.js';

/** The process is ready with what the bucket has given by then. */
export const READ_WITHIN_MS = 2_000;

@Module({
  providers: [
    {
      provide: PreparePhrases,
      inject: [BridgeSettings, Clock, Assistants, ModelSessions, PhraseKeys, PhraseMemory, PhraseStore],
      useFactory: (
        settings: BridgeSettings,
        clock: Clock,
        assistants: Assistants,
        sessions: ModelSessions,
        keys: PhraseKeys,
        memory: PhraseMemory,
        store: PhraseStore,
      ) =>
        new PreparePhrases({
          clock,
          assistants,
          keys,
          memory,
          store,
          open: (profile) => sessions.open(speakingPlan(profile, settings.defaultModel)),
        }),
    },
  ],
})
export class PreparePhrasesModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(PreparePhrases) private readonly preparePhrases: PreparePhrases,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const outOfTime = new Promise<void>((resolve) => this.clock.after(READ_WITHIN_MS, resolve));
    await Promise.race([this.preparePhrases.follow(), outOfTime]);
  }

  onApplicationShutdown(): void {
    this.preparePhrases.stop();
  }
}
