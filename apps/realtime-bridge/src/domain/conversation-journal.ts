import type { Keeping, KeptUtterance, SaidSoFar } from './conversation-snapshots.js';
import type { Captured } from './conversation-state.js';
import type { Verdict } from './conversation-verdict.js';

/** Which conversation is meant. */
export interface ConversationIds {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly callId: string;
  readonly callSid: string;
}

export interface ProvenField {
  readonly field: Captured;
  /** 0 when it cannot be told. */
  readonly utteranceSeq: number;
}

export interface TurnFigures {
  readonly turn: number;
  readonly firstByteMs: number;
  readonly heardGapMs: number;
  /** A fixed phrase was said while the answer was made; the figures are the answer's own. */
  readonly filler?: true;
}

/** What a closed conversation leaves behind. */
export interface ConversationReport {
  readonly language: string;
  readonly adapter: string;
  readonly verdict: Verdict;
  readonly lastUtteranceSeq: number;
  readonly fields: readonly ProvenField[];
  readonly talkTimeMs: number;
  readonly fromNumber: string;
  readonly toNumber: string;
  readonly timings: {
    readonly reservedAt: Date;
    readonly streamStartedAt: Date | undefined;
    readonly modelReadyAt: Date | undefined;
    readonly handshakeMs: number;
    readonly modelConnectMs: number;
    readonly greetingMs: number;
    readonly turns: readonly TurnFigures[];
    readonly messagesIn: number;
    readonly messagesOut: number;
    readonly silenceNudges: number;
    readonly bargeIns: number;
    readonly truncations: number;
    readonly falseInterruptions: number;
    readonly overlapMs: number;
    readonly modelErrors: number;
    /** How often another bridge has gone on with the conversation. */
    readonly takeovers: number;
  };
}

/** What a fact belongs to and waits for. */
export interface Saying {
  /** The span the fact belongs to. */
  readonly traceparent: string | undefined;
  /** The snapshot that could go on from the fact: it is said after it, and not at all once another bridge has the conversation. */
  readonly kept: Promise<Keeping>;
}

/**
 * Where a conversation says what has become true. Saying returns at once: the audio path never waits for the bus.
 * A fact said twice, by a bridge and its successor, is known as the same.
 */
export abstract class ConversationJournal {
  abstract started(ids: ConversationIds, language: string, adapter: string, saying: Saying): void;
  abstract uttered(ids: ConversationIds, utterance: KeptUtterance, saying: Saying): void;
  abstract captured(ids: ConversationIds, field: ProvenField, saying: Saying): void;
  abstract ended(ids: ConversationIds, report: ConversationReport, saying: Saying): void;
  /** What another bridge has said already. */
  abstract resumed(conversationId: string, said: SaidSoFar): void;
  /** What is known to have reached the bus. */
  abstract said(conversationId: string): SaidSoFar;
  /** Resolves when all that the conversation has said is on the bus or given up; tells how many were given up. Never rejects. */
  abstract settled(conversationId: string): Promise<number>;
}
