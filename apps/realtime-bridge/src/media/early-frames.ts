/** Three seconds of 20 ms frames are promised to reach the model; ten are kept before a call is given up. */
export const MAX_EARLY_FRAMES = 500;

/**
 * Keeps what the caller says before the model can hear it, and hands it on in order the moment it can. Afterwards frames pass
 * straight through. Feeds: the model's session.
 */
export class EarlyFrames {
  private kept: string[] = [];
  private open = false;

  constructor(private readonly next: (audio: string) => void) {}

  /** Takes one frame, base64. False when no more can be kept: the model has been away for too long. */
  push(audio: string): boolean {
    if (this.open) {
      this.next(audio);
      return true;
    }
    if (this.kept.length >= MAX_EARLY_FRAMES) return false;
    this.kept.push(audio);
    return true;
  }

  /** The model is ready. Returns how many frames had been waiting. */
  release(): number {
    const waiting = this.kept;
    this.kept = [];
    this.open = true;
    for (const audio of waiting) this.next(audio);
    return waiting.length;
  }
}
