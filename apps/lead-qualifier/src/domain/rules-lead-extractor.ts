import { atMostWords } from './captured-fields.js';
import { LeadExtractor } from './lead-extractor.js';
import type { Answers, Extraction, Intent, Reading } from './lead-extractor.js';
import { spokenEmail, spokenName, spokenNumber, spokenTime } from './spoken-contacts.js';
import { summarise } from './summary.js';
import { saidByCaller } from './transcript.js';
import { EXISTING_WORK, NEW_WORK, QUESTION, SPAM_SIGNS, URGENT, wordsIn } from './words.js';

/** Fewer words than this say who or when, hardly what for. */
const WORDS_OF_A_REQUEST = 4;

const intentOf = (text: string, jobSummary: string | undefined): Intent => {
  const spamSigns = wordsIn(text, SPAM_SIGNS).length;
  const wantsWork = wordsIn(text, NEW_WORK).length > 0;
  if (spamSigns >= 2 || (spamSigns === 1 && !wantsWork)) return 'unsolicited_offer';
  if (wordsIn(text, EXISTING_WORK).length > 0) return 'existing_work';
  if (wantsWork || jobSummary !== undefined) return 'new_work';
  return wordsIn(text, QUESTION).length > 0 || text.includes('?') ? 'question' : 'none';
};

/** What the caller wants done: the first sentences in which a word for work stands. */
const jobOf = (texts: readonly string[]): string | undefined => {
  const request = texts.find(
    (text) => wordsIn(text, NEW_WORK).length > 0 && text.split(/\s+/).length >= WORDS_OF_A_REQUEST,
  );
  return request === undefined ? undefined : atMostWords(request);
};

/** Reads a transcript by fixed rules: always there, always the same answer, and deaf to what a caller tells a model to do. */
export class RulesLeadExtractor extends LeadExtractor {
  override async extract(reading: Reading): Promise<Extraction> {
    return { answers: this.read(reading), extractedBy: 'rules' };
  }

  read({ utterances, summaryLanguage }: Reading): Answers {
    const texts = saidByCaller(utterances).map((utterance) => utterance.text);
    const text = texts.join('\n');
    const jobSummary = jobOf(texts);
    const found = {
      callerName: spokenName(texts),
      callbackNumber: spokenNumber(texts),
      email: spokenEmail(texts),
      jobSummary,
      preferredDatetime: spokenTime(texts),
      intent: intentOf(text, jobSummary),
      urgent: wordsIn(text, URGENT).length > 0,
    };
    return { ...found, summary: summarise(found, summaryLanguage) };
  }
}
