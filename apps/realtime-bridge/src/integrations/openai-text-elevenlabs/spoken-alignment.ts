import { BYTES_PER_MS } from '../../domain/audio-format.js';
import type { Alignment } from './speech-protocol.js';

/** Fluent speech takes about this long for a letter; for voices that tell no times. */
const MS_PER_CHARACTER = 65;

/** Which characters of an item have been made into sound, and until when each of them sounds. */
export class SpokenAlignment {
  private readonly chars: string[] = [];
  /** From the beginning of the item's audio. */
  private readonly endsMs: number[] = [];
  private audioMs = 0;
  private complete = false;

  /**
   * Adds a chunk of audio; returns the text that it speaks.
   * @param alignment times relative to the chunk, as the service counts them
   * @param unspoken what was sent and has not been spoken; taken where there is no alignment
   */
  add(audioBytes: number, alignment: Alignment | undefined, unspoken: string): string {
    const chars = alignment?.chars ?? [...unspoken];
    for (const [index, char] of chars.entries()) {
      const startMs = alignment ? (alignment.startsMs[index] ?? 0) : index * MS_PER_CHARACTER;
      const lengthMs = alignment ? (alignment.durationsMs[index] ?? 0) : MS_PER_CHARACTER;
      this.chars.push(char);
      this.endsMs.push(this.audioMs + startMs + lengthMs);
    }
    this.audioMs += audioBytes / BYTES_PER_MS;
    return chars.join('');
  }

  /** No more audio will come. */
  end(): void {
    this.complete = true;
  }

  get hasAudio(): boolean {
    return this.audioMs > 0;
  }

  /** The whole words that sound in the first `heardMs`: rather a word too few than one never heard. */
  heardText(heardMs: number): string {
    let count = 0;
    while (count < this.chars.length && (this.endsMs[count] ?? 0) <= heardMs) count += 1;
    const next = this.chars[count];
    const isWhole = next === undefined ? this.complete : next.trim() === '';
    if (!isWhole) while (count > 0 && this.chars[count - 1]?.trim() !== '') count -= 1;
    return this.chars.slice(0, count).join('').trim();
  }
}
