import type { SpeechLanguage } from '../../speech/speech.js';
import type { Briefing } from './briefing.js';
import { detectLanguage } from './language-detection.js';
import { LANGUAGES, type Topic, type Vocabulary } from './languages/index.js';
import { hasAnyPhrase, hasAnyStem, hasPhrase, sentencesOf, wordsOf } from './phrases.js';
import { fill } from './wording.js';

const MONEY = /[$€₱]\s?\d[\d,.]*\d|[$€₱]\s?\d|\d[\d,.]*\s?(?:\$|€|dollars?|pesos?|euros?|dólares)/iu;
/** Shorter words are in every sentence. */
const SHORTEST_TELLING_WORD = 4;

/** The answer to what the caller asks, from the instructions alone; undefined when nothing is asked. */
export function answerTo(text: string, language: SpeechLanguage, briefing: Briefing): string | undefined {
  const { hears, says } = LANGUAGES[language];
  if (hasAnyPhrase(text, hears.robotQuestions) && isQuestion(text, hears))
    return fill(briefing.isTruthful ? says.robot : says.evasion, { business: briefing.business });
  if (hasAnyPhrase(text, briefing.escalationWords)) return says.personWillCall;
  const questions = sentencesOf(text).filter((sentence) => isQuestion(sentence, hears));
  if (questions.length === 0) return undefined;
  const asked = questions.join(' ');
  const topics = (['price', 'hours', 'area', 'services'] as const).filter((topic) =>
    hasAnyPhrase(asked, hears.topics[topic]),
  );
  for (const topic of topics) {
    const answer = answerOnTopic(topic, asked, language, briefing);
    if (answer) return answer;
  }
  if (topics.includes('price') && !briefing.inventsNothing) return says.guess;
  const fact = topics.length === 0 ? factAbout(asked, language, briefing) : undefined;
  if (fact) return fact;
  return topics.length === 0 && hasAnyPhrase(asked, hears.helpRequests) ? says.ofCourse : says.willCallBack;
}

export function isQuestion(text: string, { questionWords }: Vocabulary): boolean {
  return (
    text.includes('?') ||
    questionWords.some((word) => hasPhrase(text.toLowerCase().slice(0, word.length + 12), word))
  );
}

function answerOnTopic(
  topic: Topic,
  asked: string,
  language: SpeechLanguage,
  briefing: Briefing,
): string | undefined {
  const { says } = LANGUAGES[language];
  switch (topic) {
    case 'price':
      return priceAnswer(asked, language, briefing);
    case 'hours':
      return briefing.hours && fill(says.answer.hours, { value: briefing.hours });
    case 'area':
      return briefing.area && fill(says.answer.area, { value: briefing.area });
    case 'services':
      return briefing.services && fill(says.answer.services, { value: briefing.services });
  }
}

/** The fact with a price that has most in common with the question; its amount alone when it is in another language. */
function priceAnswer(asked: string, language: SpeechLanguage, briefing: Briefing): string | undefined {
  const priced = briefing.facts.filter((fact) => MONEY.test(fact));
  const fact = priced.sort((a, b) => inCommon(b, asked) - inCommon(a, asked))[0];
  const amount = fact && MONEY.exec(fact)?.[0];
  if (!fact || !amount) return undefined;
  const { says } = LANGUAGES[language];
  return isIn(fact, language)
    ? fill(says.fact, { fact })
    : fill(says.answer.price, { amount: amount.trim() });
}

function factAbout(asked: string, language: SpeechLanguage, briefing: Briefing): string | undefined {
  const best = briefing.facts
    .filter((fact) => isIn(fact, language))
    .map((fact) => ({ fact, score: inCommon(fact, asked) }))
    .sort((a, b) => b.score - a.score)[0];
  return best && best.score > 0 ? fill(LANGUAGES[language].says.fact, { fact: best.fact }) : undefined;
}

function isIn(fact: string, language: SpeechLanguage): boolean {
  return (detectLanguage(fact, Object.keys(LANGUAGES) as SpeechLanguage[]) ?? 'en') === language;
}

function inCommon(fact: string, asked: string): number {
  const telling = wordsOf(asked).filter((word) => word.length >= SHORTEST_TELLING_WORD);
  // Stems of five letters bridge "parking" and "parked", "garantie" and "garanties".
  return telling.filter((word) => hasAnyStem(fact, [word.slice(0, 5)]) && !COMMON.has(word)).length;
}

const COMMON = new Set([
  'what',
  'have',
  'does',
  'your',
  'with',
  'that',
  'this',
  'there',
  'much',
  'will',
  'would',
  'could',
  'avez',
  'vous',
  'votre',
  'vos',
  'pour',
  'avec',
  'tienen',
  'para',
  'usted',
  'ustedes',
  'mayroon',
  'kayo',
  'ninyo',
]);
