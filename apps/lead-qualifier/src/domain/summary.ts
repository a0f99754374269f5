import { atMostWords } from './captured-fields.js';
import type { Answers } from './lead-extractor.js';

interface Phrases {
  readonly somebody: string;
  readonly called: string;
  readonly about: string;
  readonly nothing: string;
  readonly urgent: string;
  readonly when: string;
}

const PHRASES: Readonly<Record<string, Phrases>> = {
  en: {
    somebody: 'A caller',
    called: 'called',
    about: 'about',
    nothing: 'without saying what for',
    urgent: 'Urgent.',
    when: 'Suits them:',
  },
  fr: {
    somebody: 'Une personne',
    called: 'a appelé',
    about: 'au sujet de',
    nothing: 'sans dire pourquoi',
    urgent: 'Urgent.',
    when: 'Moment souhaité :',
  },
  es: {
    somebody: 'Una persona',
    called: 'llamó',
    about: 'por',
    nothing: 'sin decir para qué',
    urgent: 'Urgente.',
    when: 'Le conviene:',
  },
  tl: {
    somebody: 'Isang tao',
    called: 'ay tumawag',
    about: 'tungkol sa',
    nothing: 'nang hindi sinabi kung bakit',
    urgent: 'Apurado.',
    when: 'Gustong oras:',
  },
};

const ENGLISH = PHRASES.en as Phrases;
/** The job is quoted; the frame around it must still fit into the summary's 50 words. */
const WORDS_OF_JOB = 30;

/** What an owner reads first: who, what for, when. In the tenant's language, with the caller's own words inside. */
export const summarise = (found: Omit<Answers, 'summary'>, language: string): string => {
  const phrases = PHRASES[language.slice(0, 2).toLowerCase()] ?? ENGLISH;
  const who = found.callerName === undefined ? phrases.somebody : found.callerName;
  const what =
    found.jobSummary === undefined
      ? phrases.nothing
      : `${phrases.about}: ${atMostWords(found.jobSummary, WORDS_OF_JOB).replace(/[.…]+$/u, '')}`;
  return atMostWords(
    [
      `${who} ${phrases.called} ${what}.`,
      ...(found.urgent ? [phrases.urgent] : []),
      ...(found.preferredDatetime === undefined ? [] : [`${phrases.when} ${found.preferredDatetime}.`]),
    ].join(' '),
  );
};
