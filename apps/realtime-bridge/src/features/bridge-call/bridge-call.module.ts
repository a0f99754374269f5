import { Module } from '@nestjs/common';
import { Runtime } from '@tradeline/service-runtime';
import { Clock } from '../../domain/clock.js';
import { ConversationJournal } from '../../domain/conversation-journal.js';
import { ConversationSnapshots } from '../../domain/conversation-snapshots.js';
import { PhraseAudio } from '../../domain/phrase-audio.js';
import { Reservations } from '../../domain/reservations.js';
import { WorkLoad } from '../../domain/work-load.js';
import { BridgeSettings } from '../../bridge-settings.js';
import { CallsInHand } from './calls-in-hand.js';
import { LoadWatch } from './load-watch.js';
import { StreamDoor } from './stream-door.js';

/** What remains of the drain's time when calls are given away: their state and their events have to reach the bus. */
const CLOSING_MARGIN_MS = 3_000;

@Module({
  providers: [
    {
      provide: CallsInHand,
      inject: [Clock, ConversationJournal, PhraseAudio, WorkLoad, Reservations, BridgeSettings, Runtime],
      useFactory: (
        clock: Clock,
        journal: ConversationJournal,
        phrases: PhraseAudio,
        load: WorkLoad,
        reservations: Reservations,
        settings: BridgeSettings,
        runtime: Runtime,
      ) => {
        const calls = new CallsInHand({
          clock,
          journal,
          phrases,
          load,
          streamTokenSecret: settings.streamTokenSecret,
          release: ({ id }) => reservations.release(id),
          giveBack: ({ id }) => reservations.giveBack(id),
        });
        runtime.onDrain('calls in hand', () =>
          calls.finish(reservations.empty(), Math.max(0, settings.drainTimeoutMs - CLOSING_MARGIN_MS)),
        );
        return calls;
      },
    },
    {
      provide: LoadWatch,
      inject: [Clock, WorkLoad, Reservations, CallsInHand],
      useFactory: (clock: Clock, load: WorkLoad, reservations: Reservations, calls: CallsInHand) =>
        new LoadWatch(clock, load, reservations, calls),
    },
    {
      provide: StreamDoor,
      inject: [BridgeSettings, Reservations, CallsInHand, ConversationSnapshots],
      useFactory: (
        settings: BridgeSettings,
        reservations: Reservations,
        calls: CallsInHand,
        snapshots: ConversationSnapshots,
      ) => new StreamDoor(settings, reservations, calls, snapshots),
    },
  ],
})
export class BridgeCallModule {}
