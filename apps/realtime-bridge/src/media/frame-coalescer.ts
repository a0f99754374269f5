import { BYTES_PER_MS, decodedLength, msOf } from '../domain/audio-format.js';
import { soundsLikeSpeech } from '../domain/speech-energy.js';

/** What goes to the model in one message while the process is busy: three of the phone's frames. */
export const COALESCED_MS = 60;
const COALESCED_BYTES = COALESCED_MS * BYTES_PER_MS;
/** The model takes some 450 ms of quiet for the end of a turn: while that may be happening it hears every frame at once. */
export const TURN_MAY_END_AFTER_MS = 200;
export const TURN_HAS_ENDED_AFTER_MS = 1_000;

/**
 * Sends the caller's frames on three in one message while the process is busy, because a message costs more than the audio in
 * it. While it is not busy, and where a turn may be ending, each frame goes on at once. Fed by: `EarlyFrames`. Feeds: the
 * model's session.
 */
export class FrameCoalescer {
  private readonly kept = Buffer.allocUnsafeSlow(COALESCED_BYTES);
  private keptBytes = 0;
  private quietMs = TURN_HAS_ENDED_AFTER_MS;

  constructor(
    private readonly isBusy: () => boolean,
    private readonly next: (audio: string) => void,
  ) {}

  /** One frame, base64. */
  push(audio: string): void {
    const isBusy = this.isBusy();
    if (!isBusy && this.keptBytes === 0) return this.next(audio);
    const bytes = decodedLength(audio);
    if (this.keptBytes + bytes > COALESCED_BYTES) this.flush();
    if (bytes > COALESCED_BYTES) return this.next(audio);
    this.keptBytes += this.kept.write(audio, this.keptBytes, 'base64');
    this.quietMs = soundsLikeSpeech(audio) ? 0 : this.quietMs + msOf(bytes);
    if (!isBusy || this.turnMayEnd || this.keptBytes === COALESCED_BYTES) this.flush();
  }

  /** Sends on what waits: nothing may overtake it. */
  flush(): void {
    if (this.keptBytes === 0) return;
    const audio = this.kept.toString('base64', 0, this.keptBytes);
    this.keptBytes = 0;
    this.next(audio);
  }

  private get turnMayEnd(): boolean {
    return this.quietMs >= TURN_MAY_END_AFTER_MS && this.quietMs < TURN_HAS_ENDED_AFTER_MS;
  }
}
