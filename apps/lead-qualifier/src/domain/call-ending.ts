import type { CapturedField } from './captured-fields.js';

/** An end that asks for a verdict: of a conversation by the bridge, or of a call by telephony when no bridge lived to say. */
export interface CallEnding {
  readonly callId: string;
  /** Empty when no conversation was reserved. */
  readonly conversationId: string;
  readonly endedAt: Date;
  /** False when the call never reached the assistant. */
  readonly connected: boolean;
  readonly silentByBridge: boolean;
  /** Undefined when the bridge died before it could say. */
  readonly lastUtteranceSeq: number | undefined;
  readonly fields: readonly CapturedField[];
  /** BCP-47; empty when nobody said. */
  readonly language: string;
  readonly talkTimeMs: number;
  readonly callerIdShown: boolean;
  /** E.164 */
  readonly toNumber: string;
}
