import { speechLanguage, type SpeechLanguage } from '../../speech/speech.js';
import type { DialogueContext } from './dialogue-turn.js';

/** What the instructions of one response ask for, when they ask for something of its own. */
export type Override =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'still-there' }
  | { readonly kind: 'goodbye' }
  | { readonly kind: 'moment' }
  | { readonly kind: 'summary' }
  | { readonly kind: 'instructions'; readonly text: string };

/** Quoted words are said as they stand; the rest is understood by its purpose, as any model would. */
export function readOverride({ override }: DialogueContext): Override | undefined {
  if (!override?.trim()) return undefined;
  const quoted = /["“«]\s*([^"”»]+?)\s*["”»]/u.exec(override)?.[1];
  if (quoted && /\b(?:greet|say|tell|speak|read|ask|answer|repeat|apologi[sz]e)/iu.test(override))
    return { kind: 'say', text: quoted };
  if (/still (?:there|on the line|here|with us)|silen(?:t|ce)|not (?:said|spoken)/iu.test(override))
    return { kind: 'still-there' };
  if (/good-?bye|hang up|end the call|close the call/iu.test(override)) return { kind: 'goodbye' };
  if (/one moment|a moment|please wait|hold on|looking it up/iu.test(override)) return { kind: 'moment' };
  if (/summar/iu.test(override)) return { kind: 'summary' };
  return { kind: 'instructions', text: override };
}

/** The language that the instructions of one response name: "..., in fr-CA." */
export function languageOfOverride({ override = '' }: DialogueContext): SpeechLanguage | undefined {
  return [...override.matchAll(/\bin ([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\b/gu)]
    .map((match) => speechLanguage(match[1] ?? ''))
    .find((language) => language !== undefined);
}
