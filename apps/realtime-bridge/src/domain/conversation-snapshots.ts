import type { TurnFigures } from './conversation-journal.js';
import type { Captured, FieldKey } from './conversation-state.js';
import { earlierItemId, type Utterance } from './transcript.js';

/** What was said, as it is kept: the model's own ids mean nothing to another session. */
export type KeptUtterance = Omit<Utterance, 'itemId'>;

export interface KeptField {
  readonly name: FieldKey;
  readonly value: string;
  readonly readBack: boolean;
  /** The utterance that proves it; 0 when it cannot be told. */
  readonly utteranceSeq: number;
}

/** What is known to have reached the bus. */
export interface SaidSoFar {
  readonly started: boolean;
  /** Utterances 1 to this one are there. */
  readonly utterancesUpTo: number;
}

/** What the streams of the conversation have measured so far. Times of day are milliseconds since 1970. */
export interface StreamFigures {
  readonly reservedAt: number;
  readonly streamStartedAt: number | undefined;
  readonly modelReadyAt: number | undefined;
  readonly handshakeMs: number;
  readonly modelConnectMs: number;
  readonly greetingMs: number;
  readonly talkTimeMs: number;
  readonly turns: readonly TurnFigures[];
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly silenceNudges: number;
  readonly bargeIns: number;
  readonly truncations: number;
  readonly falseInterruptions: number;
  readonly overlapMs: number;
  readonly modelErrors: number;
}

/** What another instance needs to go on with a conversation. */
export interface ConversationSnapshot {
  readonly tenantId: string;
  readonly callId: string;
  /** `released` by a bridge that gives the call away; it writes no more. */
  readonly phase: 'live' | 'released';
  /** How often another bridge has gone on with the conversation. */
  readonly takeovers: number;
  readonly language: string;
  readonly fields: readonly KeptField[];
  readonly lastUtteranceSeq: number;
  /** The latest ones, within a bound: for the model's memory, and to be said again where they may not have been. */
  readonly utterances: readonly KeptUtterance[];
  readonly callerSpoke: boolean;
  readonly said: SaidSoFar;
  readonly figures: StreamFigures;
}

/** How a write went. After `overtaken` nothing is ours to write or to say: another bridge has the conversation. */
export type Keeping = 'kept' | 'failed' | 'overtaken';

/**
 * The right to keep one conversation's state. Whoever takes it last has it; the others learn so at their next write.
 * No method throws or rejects.
 */
export interface SnapshotPen {
  /** What an earlier bridge has left. */
  readonly earlier: ConversationSnapshot | undefined;
  /** False when the bus did not answer in time, so that there may be something after all. */
  readonly isCertain: boolean;
  /** Settles when this snapshot or a newer one is stored, or could not be. */
  keep(snapshot: ConversationSnapshot): Promise<Keeping>;
  /** The conversation is over, for everybody. */
  close(): Promise<Keeping>;
}

/** `over`: the conversation has ended, or (where only a released one was wanted) is still in another bridge's hands. */
export type PenTaken = SnapshotPen | 'over';

/** Keeps the state of live conversations where another instance can find it. */
export abstract class ConversationSnapshots {
  /** Looks for what is kept, within a bound, and takes the right to go on with it. Never rejects. */
  abstract take(conversationId: string, options?: { readonly onlyReleased?: boolean }): Promise<PenTaken>;
}

/** A kept field as the conversation that goes on holds it. */
export const capturedEarlier = ({ name, value, readBack, utteranceSeq }: KeptField): Captured => ({
  name,
  value,
  readBack,
  evidenceItemId: earlierItemId(utteranceSeq),
});

const MOST_UTTERANCES = 60;
const MOST_CHARACTERS = 24_000;

/** The latest utterances that fit the snapshot's bound; the very last is always among them. */
export const latestWithinBound = (utterances: readonly KeptUtterance[]): KeptUtterance[] => {
  let room = MOST_CHARACTERS;
  let first = utterances.length;
  while (first > 0 && utterances.length - first < MOST_UTTERANCES) {
    room -= utterances[first - 1]?.text.length ?? 0;
    if (room < 0 && first < utterances.length) break;
    first -= 1;
  }
  return utterances.slice(first);
};
