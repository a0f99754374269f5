import { Module } from '@nestjs/common';
import { Runtime } from '@tradeline/service-runtime';
import { BridgeSettings } from '../../bridge-settings.js';
import { Assistants } from '../../domain/assistant-profile.js';
import { Clock } from '../../domain/clock.js';
import { ConversationSnapshots } from '../../domain/conversation-snapshots.js';
import { ModelSessions } from '../../domain/model-session.js';
import { Reservations } from '../../domain/reservations.js';
import { ReserveStreamController } from './reserve-stream.controller.js';
import { ReserveStream } from './reserve-stream.js';

@Module({
  controllers: [ReserveStreamController],
  providers: [
    {
      provide: ReserveStream,
      inject: [
        BridgeSettings,
        Clock,
        Assistants,
        ModelSessions,
        ConversationSnapshots,
        Reservations,
        Runtime,
      ],
      useFactory: (
        settings: BridgeSettings,
        clock: Clock,
        assistants: Assistants,
        sessions: ModelSessions,
        snapshots: ConversationSnapshots,
        reservations: Reservations,
        runtime: Runtime,
      ) =>
        new ReserveStream(
          settings,
          clock,
          assistants,
          sessions,
          snapshots,
          reservations,
          () => runtime.draining,
        ),
    },
  ],
})
export class ReserveStreamModule {}
