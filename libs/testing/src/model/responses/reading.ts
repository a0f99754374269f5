import type { SpeechLanguage } from '../../speech/speech.js';
import { SPEECH_LANGUAGES } from '../../speech/speech.js';
import { isQuestion } from '../dialogue/answers.js';
import { askedField, extractFields, type Findings } from '../dialogue/extraction/index.js';
import { isCorrection } from '../dialogue/extraction/preferred-time.js';
import { followLanguage } from '../dialogue/language-detection.js';
import { LANGUAGES } from '../dialogue/languages/index.js';
import { hasAnyPhrase } from '../dialogue/phrases.js';
import type { TranscriptTurn } from './transcript-of-input.js';

/** What a transcript says, by the same ears that listen to calls. */
export interface TranscriptReading {
  readonly language: SpeechLanguage;
  readonly fields: Findings;
  readonly isUrgent: boolean;
  readonly isUnsolicited: boolean;
  readonly asksSomething: boolean;
  /** Everything the caller said. */
  readonly callerText: string;
}

export function readTranscript(turns: readonly TranscriptTurn[]): TranscriptReading {
  const said = turns.flatMap((turn) => (turn.speaker === 'caller' ? [turn.text] : []));
  const language = followLanguage(said, SPEECH_LANGUAGES, 'en');
  const callerText = said.join(' ');
  const every = Object.values(LANGUAGES).map((data) => data.hears);
  const isUnsolicited = every.some((hears) => hasAnyPhrase(callerText, hears.robocalls));
  return {
    language,
    fields: isUnsolicited ? {} : collectFields(turns, language),
    isUrgent: hasAnyPhrase(callerText, LANGUAGES[language].hears.urgent),
    isUnsolicited,
    asksSomething: isQuestion(callerText, LANGUAGES[language].hears),
    callerText,
  };
}

/** Later words replace earlier ones, but a job is described once and a time changes by correction only. */
function collectFields(turns: readonly TranscriptTurn[], language: SpeechLanguage): Findings {
  const { hears } = LANGUAGES[language];
  let fields: Findings = {};
  let question = '';
  for (const { speaker, text } of turns) {
    if (speaker === 'assistant') {
      question = text;
      continue;
    }
    const found = extractFields(text, hears, askedField(question, hears));
    if (fields.job_summary) delete found.job_summary;
    if (fields.preferred_datetime && !isCorrection(text, hears)) delete found.preferred_datetime;
    fields = { ...fields, ...found };
  }
  return fields;
}
