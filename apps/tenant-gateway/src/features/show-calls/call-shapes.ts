import {
  FieldName,
  LeadCategory,
  LeadState,
  Speaker,
  type Call,
  type CapturedField,
  type Lead,
  type StreamLog,
  type TranscriptLine,
} from '@tradeline/contracts';
import { z } from 'zod';
import { enumWord, isoTime } from '../../http/messages.js';
import { milliseconds, phoneNumber, time } from '../../http/shapes.js';

export const call = z
  .object({
    id: z.string(),
    callSid: z.string().meta({ description: "Twilio's CallSid" }),
    conversationId: z.string(),
    from: phoneNumber,
    to: phoneNumber,
    direction: z.string(),
    state: z
      .string()
      .meta({ description: 'in_progress, completed, declined, failed, busy, no_answer or canceled' }),
    reason: z.string().meta({ description: 'A stable word for the cause of the end; empty while it runs' }),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    durationMs: milliseconds,
  })
  .meta({ id: 'Call' });

export const transcriptLine = z.object({
  seq: z.number().int(),
  speaker: z.enum(['caller', 'assistant', 'unspecified']),
  text: z.string(),
  language: z.string(),
  startedAtMs: milliseconds.meta({ description: "Milliseconds since the stream's start" }),
  interrupted: z
    .boolean()
    .meta({ description: 'True when the caller spoke over it and the rest was not heard' }),
});

export const field = z.object({
  name: z.string().meta({ example: 'callback_number' }),
  value: z.string(),
  utteranceSeq: z
    .number()
    .int()
    .meta({ description: 'The line of the transcript that proves it; 0 when it cannot be told' }),
  readBack: z.boolean().meta({ description: 'True when it was said back and the caller did not object' }),
});

export const verdict = z.object({
  state: z.enum(['qualified', 'dismissed', 'unspecified']),
  category: z.string(),
  score: z.number().int().meta({ description: '0-100' }),
  reasons: z.array(z.string()),
  dismissalReason: z.string().meta({ description: 'Empty unless dismissed' }),
  partial: z.boolean().meta({ description: 'True when it was decided on an incomplete transcript' }),
});

export const timings = z.object({
  startedAt: time.nullable(),
  connectedAt: time.nullable(),
  twilioStart: time.nullable(),
  openaiConnect: time.nullable(),
  handshakeMs: milliseconds,
  greetingMs: milliseconds,
  firstByteLatencyMs: milliseconds.meta({ description: "Median of the call's turns, milliseconds" }),
  messagesIn: z.number().int(),
  messagesOut: z.number().int(),
  silenceNudges: z.number().int(),
  bargeIns: z.number().int(),
  fellBack: z.boolean().meta({ description: 'True when the caller was led to the fall-back' }),
  errorMessage: z.string(),
});

export const showCall = (from: Call): z.input<typeof call> => ({
  id: from.callId,
  callSid: from.callSid,
  conversationId: from.conversationId,
  from: from.fromNumber,
  to: from.toNumber,
  direction: from.direction,
  state: from.state,
  reason: from.reason,
  startedAt: isoTime(from.startedAt),
  endedAt: isoTime(from.endedAt),
  durationMs: Number(from.durationMs),
});

export const showLine = (line: TranscriptLine): z.input<typeof transcriptLine> => ({
  seq: line.seq,
  speaker: enumWord(Speaker, line.speaker) as 'caller' | 'assistant' | 'unspecified',
  text: line.text,
  language: line.language,
  startedAtMs: Number(line.startedAtMs),
  interrupted: line.interrupted,
});

export const showField = ({ name, value, utteranceSeq, readBack }: CapturedField): z.input<typeof field> => ({
  name: enumWord(FieldName, name),
  value,
  utteranceSeq,
  readBack,
});

export const showVerdict = (lead: Lead): z.input<typeof verdict> => ({
  state: enumWord(LeadState, lead.state) as 'qualified' | 'dismissed' | 'unspecified',
  category: enumWord(LeadCategory, lead.category),
  score: lead.score,
  reasons: lead.reasons,
  dismissalReason: lead.dismissalReason,
  partial: lead.partial,
});

export const showTimings = (log: StreamLog): z.input<typeof timings> => ({
  startedAt: isoTime(log.startedAt),
  connectedAt: isoTime(log.connectedAt),
  twilioStart: isoTime(log.twilioStart),
  openaiConnect: isoTime(log.openaiConnect),
  handshakeMs: log.handshakeMs,
  greetingMs: log.greetingMs,
  firstByteLatencyMs: log.firstByteLatencyMs,
  messagesIn: log.messagesIn,
  messagesOut: log.messagesOut,
  silenceNudges: log.silenceNudges,
  bargeIns: log.bargeIns,
  fellBack: log.fellBack,
  errorMessage: log.errorMessage,
});
