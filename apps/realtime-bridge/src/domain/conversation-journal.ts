import type { Captured } from './conversation-state.js';
import type { Verdict } from './conversation-verdict.js';
import type { Utterance } from './transcript.js';

/** Which conversation is meant, and the trace its events belong to. */
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
  };
}

/**
 * Where a conversation says what has become true. Saying returns at once: the audio path never waits for the bus.
 * `traceparent` is the span the fact belongs to.
 */
export abstract class ConversationJournal {
  abstract started(
    ids: ConversationIds,
    language: string,
    adapter: string,
    traceparent: string | undefined,
  ): void;
  abstract uttered(ids: ConversationIds, utterance: Utterance, traceparent: string | undefined): void;
  abstract captured(ids: ConversationIds, field: ProvenField, traceparent: string | undefined): void;
  abstract ended(ids: ConversationIds, report: ConversationReport, traceparent: string | undefined): void;
  /** Resolves when all that the conversation has said is on the bus or given up; tells how many were given up. Never rejects. */
  abstract settled(conversationId: string): Promise<number>;
}
