import type { CallerSound } from './caller-sound.js';

/** Coughs and listening sounds are shorter, sentences longer; on the media clock. */
export const REAL_AFTER_MS = 600;
/** How long the words of a short sound are waited for, from the moment its end is known. */
export const WORDS_PATIENCE_MS = 700;

export type InterruptionState =
  /** Nobody speaks over us, or it has been decided. */
  | 'none'
  /** A sound of the caller's has begun over our speech; it may become anything. */
  | 'sounding'
  /** It was short, and its words are awaited. */
  | 'awaiting-words';

export type InterruptionVerdict = 'undecided' | 'real' | 'false';

interface Sound {
  readonly startedAtMs: number;
  hasEnded: boolean;
}

/**
 * Decides whether a caller who is heard over us wants the floor. One that sounds long does; a short one does by its words.
 * Another sound may begin before the first is decided: one real one suffices, and all must be false for us to go on.
 */
export class Interruption {
  private readonly sounds = new Map<string, Sound>();

  get state(): InterruptionState {
    if (this.sounds.size === 0) return 'none';
    return [...this.sounds.values()].some(({ hasEnded }) => !hasEnded) ? 'sounding' : 'awaiting-words';
  }

  get isUndecided(): boolean {
    return this.sounds.size > 0;
  }

  /** Whether the sound is one of those that are undecided. */
  knows(itemId: string): boolean {
    return this.sounds.has(itemId);
  }

  /** @param startedAtMs when it was first heard, on the media clock */
  began(itemId: string, startedAtMs: number): void {
    this.sounds.set(itemId, { startedAtMs, hasEnded: false });
  }

  /** @param lastSoundAtMs when it was last heard, on the media clock */
  ended(itemId: string, lastSoundAtMs: number): InterruptionVerdict {
    const sound = this.sounds.get(itemId);
    if (!sound) return 'undecided';
    sound.hasEnded = true;
    return lastSoundAtMs - sound.startedAtMs > REAL_AFTER_MS ? this.real() : 'undecided';
  }

  /** Its words are there and have been judged. */
  understood(itemId: string, sound: CallerSound): InterruptionVerdict {
    if (!this.sounds.has(itemId)) return 'undecided';
    if (sound === 'words') return this.real();
    this.sounds.delete(itemId);
    return this.sounds.size === 0 ? 'false' : 'undecided';
  }

  /** Its bound has passed: it lasted, or its words did not come. Rather stop for nothing than talk over a caller. */
  expired(itemId: string): InterruptionVerdict {
    return this.sounds.has(itemId) ? this.real() : 'undecided';
  }

  /** There is no doubt, e.g. a key was pressed. */
  insisted(): InterruptionVerdict {
    return this.isUndecided ? this.real() : 'undecided';
  }

  /** It does not matter any more. */
  abandoned(): void {
    this.sounds.clear();
  }

  private real(): 'real' {
    this.sounds.clear();
    return 'real';
  }
}
