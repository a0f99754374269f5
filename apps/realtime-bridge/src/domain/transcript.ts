export type SpeakerRole = 'caller' | 'assistant';

/** An utterance in its final form and place. */
export interface Utterance {
  /** 1, 2, 3, ... without gaps. */
  readonly seq: number;
  readonly itemId: string;
  readonly speaker: SpeakerRole;
  readonly text: string;
  readonly language: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly interrupted: boolean;
}

export interface SpokenText {
  readonly text: string;
  readonly language: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly interrupted?: boolean;
}

interface Place {
  readonly itemId: string;
  readonly speaker: SpeakerRole;
  spoken?: SpokenText | 'nothing';
}

const EARLIER = 'earlier_utterance_';

/** Stands for the item of an utterance that an earlier stream of the conversation has said: the model's own ids went with it. */
export const earlierItemId = (seq: number): string => (seq > 0 ? `${EARLIER}${seq}` : '');

const seqOfEarlierItem = (itemId: string): number =>
  itemId.startsWith(EARLIER) ? Number(itemId.slice(EARLIER.length)) : 0;

/**
 * Puts utterances in the order in which they were begun and numbers them without gaps. A caller's words are often known
 * only after they have been answered, and an assistant's only when they have been heard: each keeps its place from its
 * first sound, and those behind it wait until it is settled, as words or as nothing.
 */
export class Transcript {
  private readonly places: Place[] = [];
  private readonly known = new Map<string, SpeakerRole>();
  private readonly numbered = new Map<string, number>();
  private seq: number;

  /** @param lastSeq the number of the last utterance that another stream of this conversation has said */
  constructor(lastSeq = 0) {
    this.seq = lastSeq;
  }

  /** Someone begins to speak. Beginning twice changes nothing. */
  begin(itemId: string, speaker: SpeakerRole): void {
    if (this.known.has(itemId)) return;
    this.known.set(itemId, speaker);
    this.places.push({ itemId, speaker });
  }

  /** The words of an item are final. Returns the utterances that have thereby found their number. */
  settle(itemId: string, speaker: SpeakerRole, spoken: SpokenText): Utterance[] {
    this.begin(itemId, speaker);
    let place = this.places.find((candidate) => candidate.itemId === itemId);
    if (!place) {
      // Its place was given up while it was waited for; words that come late are kept, behind the rest.
      if (this.numbered.has(itemId)) return [];
      place = { itemId, speaker };
      this.places.push(place);
    }
    if (place.spoken !== undefined) return [];
    place.spoken = spoken.text.trim() === '' ? 'nothing' : { ...spoken, text: spoken.text.trim() };
    return this.release();
  }

  /** Nothing was said, heard or understood: the place is given up and no number is spent on it. */
  giveUp(itemId: string): Utterance[] {
    const place = this.places.find((candidate) => candidate.itemId === itemId);
    if (!place || place.spoken !== undefined) return [];
    place.spoken = 'nothing';
    return this.release();
  }

  /** The call is over: what is not settled never will be. */
  close(): Utterance[] {
    for (const place of this.places) place.spoken ??= 'nothing';
    return this.release();
  }

  isWaitingFor(itemId: string): boolean {
    return this.places.some((place) => place.itemId === itemId && place.spoken === undefined);
  }

  get isComplete(): boolean {
    return this.places.length === 0;
  }

  /** The number of an item's utterance; 0 while it has none. */
  seqOf(itemId: string): number {
    return this.numbered.get(itemId) ?? seqOfEarlierItem(itemId);
  }

  get lastSeq(): number {
    return this.seq;
  }

  private release(): Utterance[] {
    const released: Utterance[] = [];
    for (let place = this.places[0]; place?.spoken !== undefined; place = this.places[0]) {
      this.places.shift();
      if (place.spoken === 'nothing') continue;
      this.seq += 1;
      this.numbered.set(place.itemId, this.seq);
      released.push({
        seq: this.seq,
        itemId: place.itemId,
        speaker: place.speaker,
        interrupted: false,
        ...place.spoken,
      });
    }
    return released;
  }
}

/**
 * The part of a text that was heard when its audio was cut. Speech and text are not aligned by the model, so the share of
 * time heard is taken for the share of text, back to the last whole word: rather a word too few than one never heard.
 */
export const heardPrefix = (text: string, heardMs: number, existingMs: number): string => {
  if (existingMs <= 0 || heardMs <= 0) return '';
  if (heardMs >= existingMs) return text;
  const cut = Math.floor(text.length * (heardMs / existingMs));
  if (/\s/.test(text[cut] ?? ' ')) return text.slice(0, cut).trimEnd();
  const lastSpace = text.slice(0, cut).search(/\s\S*$/);
  return lastSpace < 0 ? '' : text.slice(0, lastSpace).trimEnd();
};
