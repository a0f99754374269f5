import { z } from 'zod';
import type { ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import { FIELD_NAMES } from '../../domain/conversation-state.js';

/** Raised when an older bridge could not go on from what a newer one writes. */
const VERSION = 1;

const COUNT = z.int().min(0);
const TIME = z.number();

const SNAPSHOT = z.object({
  tenantId: z.string(),
  callId: z.string(),
  phase: z.enum(['live', 'released']),
  takeovers: COUNT,
  language: z.string(),
  fields: z.array(
    z.object({ name: z.enum(FIELD_NAMES), value: z.string(), readBack: z.boolean(), utteranceSeq: COUNT }),
  ),
  lastUtteranceSeq: COUNT,
  utterances: z.array(
    z.object({
      seq: COUNT,
      speaker: z.enum(['caller', 'assistant']),
      text: z.string(),
      language: z.string(),
      startedAtMs: TIME,
      endedAtMs: TIME,
      interrupted: z.boolean(),
    }),
  ),
  callerSpoke: z.boolean(),
  said: z.object({ started: z.boolean(), utterancesUpTo: COUNT }),
  figures: z.object({
    reservedAt: TIME,
    streamStartedAt: TIME.optional(),
    modelReadyAt: TIME.optional(),
    handshakeMs: COUNT,
    modelConnectMs: COUNT,
    greetingMs: COUNT,
    talkTimeMs: COUNT,
    turns: z.array(
      z.object({
        turn: COUNT,
        firstByteMs: z.number(),
        heardGapMs: z.number(),
        filler: z.literal(true).exactOptional(),
      }),
    ),
    messagesIn: COUNT,
    messagesOut: COUNT,
    silenceNudges: COUNT,
    bargeIns: COUNT,
    truncations: COUNT,
    // A bridge of an earlier release does not count these.
    falseInterruptions: COUNT.default(0),
    overlapMs: COUNT.default(0),
    modelErrors: COUNT.default(0),
  }),
});

const ENVELOPE = z.object({ version: z.literal(VERSION), writer: z.string(), snapshot: SNAPSHOT });

/** A snapshot and who wrote it. */
export interface SignedSnapshot {
  /** The pen it was written with. */
  readonly writer: string;
  readonly snapshot: ConversationSnapshot;
}

export const encodeSnapshot = ({ writer, snapshot }: SignedSnapshot): Uint8Array =>
  Buffer.from(JSON.stringify({ version: VERSION, writer, snapshot }));

/** @returns undefined when it is not what this release writes */
export const decodeSnapshot = (bytes: Uint8Array): SignedSnapshot | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  const envelope = ENVELOPE.safeParse(value);
  if (!envelope.success) return undefined;
  const { writer, snapshot } = envelope.data;
  const { streamStartedAt, modelReadyAt, ...figures } = snapshot.figures;
  return { writer, snapshot: { ...snapshot, figures: { ...figures, streamStartedAt, modelReadyAt } } };
};
