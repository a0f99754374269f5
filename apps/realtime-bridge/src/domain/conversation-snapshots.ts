import type { Captured } from './conversation-state.js';

/** What another instance needs to go on with a conversation. */
export interface ConversationSnapshot {
  readonly tenantId: string;
  readonly callId: string;
  readonly language: string;
  readonly fields: readonly Captured[];
  readonly lastUtteranceSeq: number;
}

/** Keeps the state of live conversations where another instance can find it. Never throws, never waits: what fails is logged. */
export abstract class ConversationSnapshots {
  abstract keep(conversationId: string, snapshot: ConversationSnapshot): void;
  /** The conversation is over. */
  abstract forget(conversationId: string): Promise<void>;
}
