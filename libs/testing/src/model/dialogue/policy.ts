import type { SpeechLanguage } from '../../speech/speech.js';
import { answerTo } from './answers.js';
import { attemptsIn, bentWords, withoutAttempts } from './bending.js';
import { readBriefing, type Briefing } from './briefing.js';
import type { DialogueContext, DialogueItem, DialogueTurn, ToolCall } from './dialogue-turn.js';
import { askedField, extractFields, isDeclined, type Findings } from './extraction/index.js';
import { isCorrection } from './extraction/preferred-time.js';
import { groupDigits } from './extraction/phone-number.js';
import type { FieldName } from './fields.js';
import { isSameValue, latestState, type KnownState } from './known-state.js';
import { detectLanguage, followLanguage } from './language-detection.js';
import { LANGUAGES, type LanguageData } from './languages/index.js';
import { languageOfOverride, readOverride, type Override } from './overrides.js';
import { hasAnyPhrase, wordsOf } from './phrases.js';
import { captureCall, endCall, switchLanguageCall } from './tool-calls.js';
import { compose, fill } from './wording.js';

/** Nobody is asked a fourth time for what he did not give three times. */
const ASK_LIMIT = 3;
/** "No" in a longer sentence is about something else than the offer of more help. */
const SHORT_ANSWER_WORDS = 6;

interface Scene {
  readonly context: DialogueContext;
  readonly briefing: Briefing;
  readonly language: SpeechLanguage;
  readonly data: LanguageData;
  readonly state: KnownState;
  /** What the caller said last; undefined before the first word. */
  readonly heard: string | undefined;
}

/**
 * What the receptionist says and does next. It follows from the instructions, the tools, the state item and the
 * words heard, and from nothing else: without the state item it asks again, without the rule of brevity it rambles,
 * without the rules on callers it does what a caller wants.
 */
export function decideTurn(context: DialogueContext): DialogueTurn {
  const override = readOverride(context);
  const scene = sceneOf(context, override);
  if (override && override.kind !== 'instructions') return obey(override, scene);
  const { heard, data, briefing } = scene;
  if (heard === undefined) return say(scene, [fill(data.says.greeting, { business: briefing.business })]);
  if (heard === '') return say(scene, [data.says.stillThere]);
  if (hasAnyPhrase(heard, data.hears.robocalls))
    return say(scene, [data.says.noSalesCalls], endCall(context, 'robocall'), true);
  return reply(scene, heard);
}

function sceneOf(context: DialogueContext, override: Override | undefined): Scene {
  const session = readBriefing(context.instructions);
  const briefing =
    override?.kind === 'instructions' && /:/u.test(override.text) ? readBriefing(override.text) : session;
  const callerTurns = context.items.flatMap((item) => (item.kind === 'caller' ? [item.text] : []));
  const language =
    languageOfOverride(context) ??
    followLanguage(
      callerTurns,
      briefing.languages,
      briefing.languages[0] ?? 'en',
      briefing.followsSentences ? 'whole-sentence' : 'any-word',
    );
  return {
    context,
    briefing,
    language,
    data: LANGUAGES[language],
    state: latestState(context.items),
    heard: callerTurns.at(-1),
  };
}

function obey(override: Override, scene: Scene): DialogueTurn {
  const { says } = scene.data;
  switch (override.kind) {
    case 'say':
      return {
        speech: override.text,
        language: detectLanguage(override.text, scene.briefing.languages) ?? scene.language,
        calls: [],
      };
    case 'still-there':
      return say(scene, [says.stillThere], [], true);
    case 'goodbye':
      return say(scene, [fill(says.goodbye, { business: scene.briefing.business })], [], true);
    case 'moment':
      return say(scene, [says.moment], [], true);
    case 'summary':
      return {
        speech: scene.context.items.flatMap((item) => (item.kind === 'caller' ? [item.text] : [])).join(' '),
        language: scene.language,
        calls: [],
      };
    case 'instructions':
      return say(scene, [says.moment]);
  }
}

function reply(scene: Scene, heard: string): DialogueTurn {
  const { context, data, briefing, language } = scene;
  const bent = bentWords(heard, scene);
  if (bent) return say(scene, [bent]);
  const asked = questionBefore(context.items, data);
  const found = newFindings(scene, extractFields(withoutAttempts(heard), data.hears, asked), heard);
  const missing = stillMissing(scene, found, asked, heard);
  const switching = switchLanguageCall(context, language, briefing);
  if (isGoodbye(heard, data, missing.length === 0 && Object.keys(found).length === 0)) {
    const calls = [...switching, ...captures(scene, found, false), ...endCall(context, 'completed')];
    return say(scene, [fill(data.says.goodbye, { business: briefing.business })], once(context, calls), true);
  }
  const question = missing[0] ? data.says.ask[missing[0]] : data.says.anythingElse;
  const answer = attemptsIn(heard).length > 0 ? data.says.refusal : answerTo(heard, language, briefing);
  const acknowledged = acknowledgement(scene, found);
  const nothingNew = Object.keys(found).length === 0;
  const first = answer && (nothingNew || answer !== data.says.willCallBack) ? answer : acknowledged;
  const misheard =
    nothingNew && !answer && heard.includes('[unintelligible]') ? data.says.notUnderstood : undefined;
  const calls = once(context, [...switching, ...captures(scene, found, first === acknowledged)]);
  return say(scene, [misheard ?? first ?? '', question], calls);
}

/** Fields that were told now and differ from what is known. A job is described once; a time changes by correction only. */
function newFindings({ state, data }: Scene, found: Findings, heard: string): Findings {
  const isNew = ([name, value]: [string, string]): boolean => {
    const field = name as FieldName;
    const known = state.known.get(field);
    if (known === undefined) return true;
    if (isSameValue(field, known, value)) return false;
    if (field === 'job_summary') return false;
    return field !== 'preferred_datetime' || isCorrection(heard, data.hears);
  };
  return Object.fromEntries(Object.entries(found).filter(isNew));
}

function stillMissing(
  { context, state, briefing, data }: Scene,
  found: Findings,
  asked: FieldName | undefined,
  heard: string,
): FieldName[] {
  const timesAsked = (field: FieldName): number =>
    context.items.filter((item) => item.kind === 'assistant' && askedField(item.text, data.hears) === field)
      .length;
  const declined = declinedBefore(context.items, data);
  if (asked && found[asked] === undefined && isDeclined(heard, data.hears)) declined.add(asked);
  return (state.missing ?? briefing.fieldsToFindOut).filter(
    (field) => found[field] === undefined && !declined.has(field) && timesAsked(field) < ASK_LIMIT,
  );
}

function declinedBefore(items: readonly DialogueItem[], data: LanguageData): Set<FieldName> {
  const declined = new Set<FieldName>();
  items.forEach((item, index) => {
    if (item.kind !== 'caller' || !isDeclined(item.text, data.hears)) return;
    const asked = questionBefore(items.slice(0, index + 1), data);
    if (asked && extractFields(item.text, data.hears, asked)[asked] === undefined) declined.add(asked);
  });
  return declined;
}

/** What the assistant had asked before the caller's last turn. */
function questionBefore(items: readonly DialogueItem[], data: LanguageData): FieldName | undefined {
  const lastCaller = items.findLastIndex((item) => item.kind === 'caller');
  const before = items.slice(0, lastCaller).findLast((item) => item.kind === 'assistant' && item.text !== '');
  if (before?.kind !== 'assistant') return undefined;
  // The question may have been asked in the language that was spoken until now.
  const inAnyLanguage = Object.values(LANGUAGES).map((language) => askedField(before.text, language.hears));
  return askedField(before.text, data.hears) ?? inAnyLanguage.find((field) => field !== undefined);
}

function acknowledgement({ data }: Scene, found: Findings): string | undefined {
  const { says } = data;
  if (found.callback_number) return fill(says.readBackNumber, { number: groupDigits(found.callback_number) });
  if (found.email) return fill(says.readBackEmail, { email: found.email });
  if (found.caller_name) return fill(says.thanksName, { name: found.caller_name.split(' ')[0] ?? '' });
  if (found.preferred_datetime) return fill(says.notedTime, { time: inSentence(found.preferred_datetime) });
  if (found.job_summary) return says.notedJob;
  return Object.keys(found).length > 0 ? says.thanks : undefined;
}

/** Begins with a small letter, as it stands in the middle of a sentence; English days keep their capital. */
function inSentence(time: string): string {
  return /^\p{L}+day\b/u.test(time) ? time : time.charAt(0).toLowerCase() + time.slice(1);
}

function captures({ context }: Scene, found: Findings, isReadBack: boolean): ToolCall[] {
  const spoken: FieldName | undefined = found.callback_number ? 'callback_number' : 'email';
  return Object.entries(found).flatMap(([name, value]) =>
    captureCall(context, name as FieldName, value, isReadBack && name === spoken),
  );
}

/** Tools that were called since the caller's last words are not called again: their results are what we answer to. */
function once(context: DialogueContext, calls: readonly ToolCall[]): readonly ToolCall[] {
  const lastCaller = context.items.findLastIndex((item) => item.kind === 'caller');
  return context.items.slice(lastCaller + 1).some((item) => item.kind === 'call') ? [] : calls;
}

/** `allSaid`: nothing is missing and nothing was added just now. */
function isGoodbye(heard: string, { hears }: LanguageData, allSaid: boolean): boolean {
  if (hasAnyPhrase(heard, hears.goodbyes)) return true;
  if (!allSaid || heard.includes('?')) return false;
  return (
    hasAnyPhrase(heard, hears.nothingMore) ||
    (wordsOf(heard).length <= SHORT_ANSWER_WORDS && hasAnyPhrase(heard, hears.no))
  );
}

/** `isFixed` sentences are said as they are, whatever the rules on length. */
function say(
  scene: Scene,
  sentences: readonly string[],
  calls: readonly ToolCall[] = [],
  isFixed = false,
): DialogueTurn {
  const speech = isFixed ? sentences.join(' ') : compose(sentences, scene.briefing.isBrief, scene.data.says);
  return { speech, language: scene.language, calls };
}
