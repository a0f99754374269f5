import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MessagingModule, SnapshotStore } from '@tradeline/messaging';
import { BridgeSettings } from './bridge-settings.js';
import { Assistants } from './domain/assistant-profile.js';
import { Clock } from './domain/clock.js';
import { ConversationSnapshots } from './domain/conversation-snapshots.js';
import type { ModelRegister } from './domain/model-register.js';
import { ModelSessions } from './domain/model-session.js';
import { PhraseAudio } from './domain/phrase-audio.js';
import { Reservations } from './domain/reservations.js';
import { WorkLoad } from './domain/work-load.js';
import type { BridgeEnv } from './env.js';
import { BridgeCallModule } from './features/bridge-call/bridge-call.module.js';
import { KnowAssistantsModule } from './features/know-assistants/know-assistants.module.js';
import { PreparePhrasesModule } from './features/prepare-phrases/prepare-phrases.module.js';
import { PublishTranscriptModule } from './features/publish-transcript/publish-transcript.module.js';
import { ReserveStreamModule } from './features/reserve-stream/reserve-stream.module.js';
import { TellPresenceModule } from './features/tell-presence/tell-presence.module.js';
import { OpenAiRealtimeSessions } from './integrations/openai-realtime/openai-realtime-session.js';
import { OpenAiTextElevenLabsSessions } from './integrations/openai-text-elevenlabs/openai-text-elevenlabs-session.js';
import { PhraseKeys } from './integrations/phrases/phrase-keys.js';
import { PhraseMemory } from './integrations/phrases/phrase-memory.js';
import { readModelRegister } from './integrations/read-model-register.js';
import { RenewingSessions } from './integrations/renewal/renewing-sessions.js';
import { SessionsByAdapter } from './integrations/sessions-by-adapter.js';
import { SessionsOfLivingModels } from './integrations/sessions-of-living-models.js';
import { SealedSnapshots } from './integrations/snapshots/sealed-snapshots.js';
import { SnapshotSeal } from './integrations/snapshots/snapshot-seal.js';
import { SystemClock } from './media/system-clock.js';
import {
  adapterUnavailable,
  modelIsGone,
  reservationUnclaimed,
  sessionRenewed,
  sessionReplaced,
} from './telemetry.js';

const modelSessions = (settings: BridgeSettings, register: ModelRegister, clock: Clock): ModelSessions => {
  const { openAi, elevenLabs, defaultModel } = settings;
  const spoken = new OpenAiRealtimeSessions(openAi, clock);
  const written =
    elevenLabs.apiKey === ''
      ? {}
      : { 'openai-text-elevenlabs': new OpenAiTextElevenLabsSessions(openAi, elevenLabs, clock) };
  const chosen = new SessionsByAdapter(spoken, written, adapterUnavailable);
  const living = new SessionsOfLivingModels(chosen, register, defaultModel, clock, modelIsGone);
  return new RenewingSessions(living, clock, { renewed: sessionRenewed, replaced: sessionReplaced });
};

/** What the features share: memory of this process and the doors to the outside. */
@Global()
@Module({})
class BridgeStateModule {
  static with(settings: BridgeSettings, register: ModelRegister): DynamicModule {
    const clock = new SystemClock();
    const load = new WorkLoad({
      maxUse: settings.maxEventLoopUse,
      busyUse: settings.coalesceAboveEventLoopUse,
    });
    const keys = new PhraseKeys(settings);
    const phrases = new PhraseMemory(keys);
    return {
      module: BridgeStateModule,
      providers: [
        { provide: BridgeSettings, useValue: settings },
        { provide: Clock, useValue: clock },
        { provide: Assistants, useValue: new Assistants() },
        { provide: WorkLoad, useValue: load },
        {
          provide: Reservations,
          useValue: new Reservations(clock, settings.capacity, reservationUnclaimed, load),
        },
        { provide: ModelSessions, useValue: modelSessions(settings, register, clock) },
        { provide: PhraseKeys, useValue: keys },
        { provide: PhraseMemory, useValue: phrases },
        { provide: PhraseAudio, useValue: phrases },
        {
          provide: ConversationSnapshots,
          inject: [SnapshotStore],
          useFactory: (store: SnapshotStore) =>
            new SealedSnapshots(store, new SnapshotSeal(settings.streamTokenSecret), clock),
        },
      ],
      exports: [
        BridgeSettings,
        Clock,
        Assistants,
        WorkLoad,
        Reservations,
        ModelSessions,
        PhraseKeys,
        PhraseMemory,
        PhraseAudio,
        ConversationSnapshots,
      ],
    };
  }
}

@Module({})
export class AppModule {
  static with(env: BridgeEnv, register: ModelRegister = readModelRegister()): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({ service: 'realtime-bridge', env }),
        BridgeStateModule.with(new BridgeSettings(env), register),
        KnowAssistantsModule,
        // After the profiles, which tell what is to be prepared.
        PreparePhrasesModule,
        ReserveStreamModule,
        BridgeCallModule,
        PublishTranscriptModule,
        TellPresenceModule,
      ],
    };
  }
}
