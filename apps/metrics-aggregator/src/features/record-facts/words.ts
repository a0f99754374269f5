import {
  type CallResult,
  CallResultSchema,
  type ConversationResult,
  ConversationResultSchema,
  type DismissalReason,
  DismissalReasonSchema,
  type LeadCategory,
  LeadCategorySchema,
} from '@tradeline/contracts';
import type { DescEnum } from '@bufbuild/protobuf';
import { unknownWord } from '../../telemetry.js';

/** The stable word of an enum value: CALL_RESULT_NO_ANSWER is "no_answer". One that we do not know is "unspecified". */
const wordOf = (schema: DescEnum, value: number): string => {
  const known = schema.value[value];
  if (!known) unknownWord(schema.typeName, value);
  return (known ?? schema.value[0])?.localName.toLowerCase() ?? 'unspecified';
};

export const callResultWord = (value: CallResult): string => wordOf(CallResultSchema, value);
export const conversationResultWord = (value: ConversationResult): string =>
  wordOf(ConversationResultSchema, value);
export const leadCategoryWord = (value: LeadCategory): string => wordOf(LeadCategorySchema, value);
export const dismissalWord = (value: DismissalReason): string => wordOf(DismissalReasonSchema, value);
