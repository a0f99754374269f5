import type { NarrationLine } from './running-platform.js';

/** Listens to a call and acts once, in the moment in which the caller begins his nth sentence. */
export const atSentence = (nth: number, act: () => void): ((line: NarrationLine) => void) => {
  let said = 0;
  return ({ type, who }) => {
    if (type !== 'said' || who !== 'caller') return;
    said += 1;
    if (said === nth) act();
  };
};
