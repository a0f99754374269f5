import type { SpeechLanguage } from '../../speech/speech.js';
import type { Briefing } from './briefing.js';
import type { DialogueContext, DialogueItem, ToolCall } from './dialogue-turn.js';
import type { FieldName } from './fields.js';

export type EndReason = 'completed' | 'robocall';
const END_WORDS: Readonly<Record<EndReason, RegExp>> = {
  completed: /complet|done|finish|good-?bye|resolved|caller/iu,
  robocall: /robo|spam|sales|abus|unwanted/iu,
};
const END_REASONS: Readonly<Record<EndReason, string>> = {
  completed: 'the caller said goodbye',
  robocall: 'robocall',
};

/** A call of `capture_field`, if the session has that tool and it takes this field. */
export function captureCall(
  context: DialogueContext,
  name: FieldName,
  value: string,
  readBack: boolean,
): ToolCall[] {
  const allowed = allowedValues(context, 'capture_field', 'name');
  if (allowed === undefined || (allowed.length > 0 && !allowed.includes(name))) return [];
  return [{ name: 'capture_field', arguments: { name, value, read_back: readBack } }];
}

export function switchLanguageCall(
  context: DialogueContext,
  language: SpeechLanguage,
  briefing: Briefing,
): ToolCall[] {
  const allowed = allowedValues(context, 'switch_language', 'language');
  if (allowed === undefined || spokenLanguage(context.items, briefing) === language) return [];
  const tag = briefing.languageTags.get(language) ?? language;
  const value =
    allowed.length === 0 || allowed.includes(tag)
      ? tag
      : (allowed.find((one) => one.toLowerCase().startsWith(language)) ?? tag);
  return [{ name: 'switch_language', arguments: { language: value } }];
}

export function endCall(context: DialogueContext, reason: EndReason): ToolCall[] {
  const allowed = allowedValues(context, 'end_call', 'reason');
  if (allowed === undefined) return [];
  const value =
    allowed.length === 0
      ? END_REASONS[reason]
      : (allowed.find((one) => END_WORDS[reason].test(one)) ?? allowed[0]);
  return [{ name: 'end_call', arguments: { reason: value } }];
}

/** The language that the last `switch_language` chose, else the first of the instructions. */
function spokenLanguage(items: readonly DialogueItem[], briefing: Briefing): string | undefined {
  const last = items.findLast((item) => item.kind === 'call' && item.name === 'switch_language');
  const chosen =
    last?.kind === 'call'
      ? /"language"\s*:\s*"([a-z]{2,3})/iu.exec(last.arguments)?.[1]?.toLowerCase()
      : undefined;
  return (chosen === 'fil' ? 'tl' : chosen) ?? briefing.languages[0];
}

/** The enum of a tool's parameter, empty when it takes anything; undefined without the tool. */
function allowedValues(
  context: DialogueContext,
  tool: string,
  parameter: string,
): readonly string[] | undefined {
  const found = context.tools.find((candidate) => candidate.name === tool);
  if (!found) return undefined;
  const schema = found.parameters as
    { properties?: Record<string, { enum?: readonly unknown[] }> } | null | undefined;
  return (schema?.properties?.[parameter]?.enum ?? []).filter((value) => typeof value === 'string');
}
