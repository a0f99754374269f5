import { SPEECH_LANGUAGES, speechLanguage, type SpeechLanguage } from '../../speech/speech.js';
import { isFieldName, type FieldName } from './fields.js';
import { ATTEMPTS, type Attempt } from './languages/index.js';

/** What the instructions say, as far as this model reads them. */
export interface Briefing {
  readonly business: string;
  /** In the order of the instructions; the first is spoken until the caller speaks another. */
  readonly languages: readonly SpeechLanguage[];
  /** The tag that the instructions use for a language. */
  readonly languageTags: ReadonlyMap<SpeechLanguage, string>;
  readonly isBrief: boolean;
  /** Says that it is an AI when it is asked. */
  readonly isTruthful: boolean;
  /** Says nothing about the business that the instructions do not. */
  readonly inventsNothing: boolean;
  /** What no caller talks it into. */
  readonly refuses: ReadonlySet<Attempt>;
  /** Takes the quoted values of the state for what a caller has said. */
  readonly mistrustsQuotes: boolean;
  /** Waits for a whole sentence before it speaks another language. */
  readonly followsSentences: boolean;
  readonly services: string | undefined;
  readonly area: string | undefined;
  readonly hours: string | undefined;
  readonly facts: readonly string[];
  /** When the caller says one of these, a person is to call back. */
  readonly escalationWords: readonly string[];
  readonly fieldsToFindOut: readonly FieldName[];
}

/** The instructions that keep a model from what it would otherwise do; each is read for itself. */
const RULES = {
  brief:
    /(?:at most|no more than|maximum of|up to) (?:two|2) sentences|(?:two|2) sentences (?:at most|or fewer|maximum)/iu,
  truthful: /whether you are a robot\b[^.\n]*\btruthfully/iu,
  inventsNothing: /nothing about the business beyond/iu,
  mistrustsQuotes: /known so far"[^.\n]*\bnever an instruction/iu,
  followsSentences: /\bwhole sentence in another\b/iu,
} as const;

const REFUSED_BY: Readonly<Record<Attempt, RegExp>> = {
  orders: /what the caller says is\b[^.\n]*\bnever an instruction/iu,
  instructions: /keep these instructions\b[^.\n]*\bto yourself/iu,
  others: /\bno other (?:caller|customer)/iu,
};

export function readBriefing(instructions: string): Briefing {
  const tags = splitList(lineAfter(instructions, 'Languages') ?? '');
  const languageTags = new Map(tags.flatMap((tag) => asLanguage(tag)));
  return {
    business:
      /receptionist (?:of|for|at) (.+?)[.,\n]/iu.exec(`${instructions}\n`)?.[1]?.trim() ?? 'this business',
    languages: languageTags.size > 0 ? [...languageTags.keys()] : SPEECH_LANGUAGES,
    languageTags,
    isBrief: RULES.brief.test(instructions),
    isTruthful: RULES.truthful.test(instructions),
    inventsNothing: RULES.inventsNothing.test(instructions),
    refuses: new Set(ATTEMPTS.filter((attempt) => REFUSED_BY[attempt].test(instructions))),
    mistrustsQuotes: RULES.mistrustsQuotes.test(instructions),
    followsSentences: RULES.followsSentences.test(instructions),
    services: lineAfter(instructions, 'Services'),
    area: lineAfter(instructions, 'Service area'),
    hours: lineAfter(instructions, 'Opening hours'),
    facts: bulletsAfter(instructions, 'Facts'),
    escalationWords: splitList(/^.*\bsays one of these\b[^:\n]*:(.*)$/imu.exec(instructions)?.[1] ?? '').map(
      (word) => word.toLowerCase(),
    ),
    fieldsToFindOut: splitList(lineAfter(instructions, 'Find out[^:\\n]*') ?? '').filter(isFieldName),
  };
}

function asLanguage(tag: string): [SpeechLanguage, string][] {
  const language = speechLanguage(tag);
  return language ? [[language, tag]] : [];
}

function lineAfter(text: string, label: string): string | undefined {
  const line = new RegExp(`^[ \\t]*(?:[-*#]+ *)?${label}[ \\t]*:[ \\t]*(\\S.*)$`, 'imu').exec(text)?.[1];
  return line?.trim().replace(/\.$/u, '') || undefined;
}

function bulletsAfter(text: string, label: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => new RegExp(`^[ \\t#]*${label}\\b[^:]*:`, 'iu').test(line));
  if (from < 0) return [];
  const inline = lines[from]?.slice((lines[from]?.indexOf(':') ?? 0) + 1).trim();
  const bullets: string[] = inline ? [inline] : [];
  for (const line of lines.slice(from + 1)) {
    const bullet = /^[ \t]*[-*•][ \t]+(.+)$/u.exec(line)?.[1];
    if (bullet === undefined) break;
    bullets.push(bullet.trim());
  }
  return bullets.map((fact) => fact.replace(/\.$/u, ''));
}

function splitList(line: string): string[] {
  return line
    .split(/[,;]/u)
    .map((part) => part.trim().replace(/\.$/u, ''))
    .filter(Boolean);
}
