import type { Clock } from '../../domain/clock.js';
import type { Reservation } from '../../domain/reservations.js';
import { silenceBeforeNudgeMs } from '../../domain/turn-detection.js';
import type { MediaTimeline } from '../../media/media-timeline.js';
import { MediaWatchdog } from '../../media/media-watchdog.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { mediaCondition } from '../../telemetry.js';

export interface WatchedParts {
  readonly clock: Clock;
  readonly reservation: Reservation;
  readonly speaker: PacedSpeaker;
  readonly timeline: MediaTimeline;
  readonly counters: StreamCounters;
  /** Takes audio for the model behind what the caller has said. */
  append(audio: string): void;
}

/** Sets the watchdog on a call's two ends; `giveUp` when the model stays deaf. */
export const watchMedia = (
  { clock, reservation, speaker, timeline, counters, append }: WatchedParts,
  giveUp: () => void,
): MediaWatchdog =>
  new MediaWatchdog(clock, silenceBeforeNudgeMs(reservation.profile.silenceNudgeMs), {
    isSpeaking: () => !speaker.isQuiet,
    framesMissing: () => {
      counters.noCallerFrames += 1;
      mediaCondition(reservation, 'no_caller_frames');
    },
    fill: (audio, lengthMs) => {
      counters.filledFrames += 1;
      timeline.filled(lengthMs);
      append(audio);
    },
    modelDeaf: () => {
      counters.modelDeaf += 1;
      mediaCondition(reservation, 'model_deaf');
    },
    replaceDeaf: () => reservation.session.replace('deaf'),
    giveUpDeaf: giveUp,
  });
