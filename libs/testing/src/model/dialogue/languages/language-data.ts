import type { FieldName } from '../fields.js';

/** Things that callers ask about and instructions may answer. */
export type Topic = 'price' | 'hours' | 'area' | 'services';

/** What a caller may be after who wants to bend the assistant: to give orders, to hear the instructions, or others' data. */
export const ATTEMPTS = ['orders', 'instructions', 'others'] as const;
export type Attempt = (typeof ATTEMPTS)[number];

/** What the assistant says; `{placeholders}` are filled in. */
export interface Sentences {
  readonly greeting: string;
  readonly ask: Readonly<Record<FieldName, string>>;
  readonly thanks: string;
  readonly thanksName: string;
  readonly readBackNumber: string;
  readonly readBackEmail: string;
  readonly notedJob: string;
  readonly notedTime: string;
  readonly answer: Readonly<Record<Topic, string>>;
  readonly fact: string;
  readonly willCallBack: string;
  readonly personWillCall: string;
  readonly ofCourse: string;
  readonly robot: string;
  /** Said about robots when nothing in the instructions asks for the truth. */
  readonly evasion: string;
  readonly refusal: string;
  /** These three are said when no instruction keeps the assistant from it. */
  readonly obedience: string;
  readonly gossip: string;
  readonly guess: string;
  readonly notUnderstood: string;
  readonly stillThere: string;
  readonly moment: string;
  readonly anythingElse: string;
  readonly goodbye: string;
  readonly noSalesCalls: string;
  /** Said when nothing in the instructions asks for brevity. */
  readonly rambling: readonly string[];
}

/** What the assistant understands: lower-case words, and phrases as they appear in lower-case text. */
export interface Vocabulary {
  /** Frequent words that tell the language. */
  readonly typical: readonly string[];
  /** Letters that no other of the four languages has. */
  readonly typicalLetters: RegExp | undefined;
  readonly numbers: Readonly<Record<string, number>>;
  readonly doubles: Readonly<Record<string, number>>;
  readonly numberFillers: readonly string[];
  readonly at: readonly string[];
  readonly dot: readonly string[];
  readonly dash: readonly string[];
  readonly underscore: readonly string[];
  readonly nameIntroductions: readonly string[];
  /** Skipped between an introduction and the name. */
  readonly nameFillers: readonly string[];
  readonly notNames: readonly string[];
  readonly jobWords: readonly string[];
  readonly greetings: readonly string[];
  readonly timeWords: readonly string[];
  readonly timeValues: readonly string[];
  readonly timeConnectors: readonly string[];
  readonly timePhrases: readonly string[];
  /** Before a time, these say that it is past. */
  readonly since: readonly string[];
  readonly appointmentWords: readonly string[];
  readonly corrections: readonly string[];
  readonly questionWords: readonly string[];
  readonly topics: Readonly<Record<Topic, readonly string[]>>;
  readonly helpRequests: readonly string[];
  readonly robotQuestions: readonly string[];
  readonly attempts: Readonly<Record<Attempt, readonly string[]>>;
  /** What stands before the words that the assistant is to say. */
  readonly sayThat: readonly string[];
  readonly robocalls: readonly string[];
  readonly urgent: readonly string[];
  readonly goodbyes: readonly string[];
  readonly nothingMore: readonly string[];
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly declines: readonly string[];
  /** Words in a question of the assistant that tell which field it asks for. */
  readonly askedBy: Readonly<Record<FieldName, readonly string[]>>;
}

export interface LanguageData {
  readonly says: Sentences;
  readonly hears: Vocabulary;
}
