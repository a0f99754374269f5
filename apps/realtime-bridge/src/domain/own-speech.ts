import type { PhraseName } from './phrases.js';

/** Something that was said in the model's place. */
export interface OwnSpeech {
  /** At most 32 characters, as the Realtime API allows. */
  readonly itemId: string;
  readonly text: string;
  readonly durationMs: number;
}

const OURS = 'ours_';
/** Said while the answer is not there yet: no clock may take them for it. */
const STAND_INS: readonly PhraseName[] = ['filler', 'busy', 'apology'];

/** Names speech that the model has not made. */
export const ownItemId = (phrase: PhraseName, serial: number): string => `${OURS}${phrase}_${serial}`;

export const isOwnItem = (itemId: string): boolean => itemId.startsWith(OURS);

/** True for speech that only fills the wait. */
export const isStandIn = (itemId: string): boolean =>
  isOwnItem(itemId) && STAND_INS.some((phrase) => itemId.startsWith(phrase, OURS.length));
