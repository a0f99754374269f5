/** One media stream as it ended. Times in milliseconds; undefined where nothing was measured. */
export interface StreamFact {
  readonly callId: string;
  readonly callSid: string;
  readonly conversationId: string;
  readonly startedAt: Date;
  readonly connectedAt: Date | undefined;
  readonly handshakeMs: number | undefined;
  readonly fellBack: boolean;
  readonly errorMessage: string;
  readonly twilioStart: Date | undefined;
  readonly openaiConnect: Date | undefined;
  readonly openaiConnectMs: number | undefined;
  readonly greetingMs: number | undefined;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly silenceNudges: number;
  readonly bargeIns: number;
  readonly truncations: number;
  readonly falseInterruptions: number;
  /** How long caller and assistant were heard at once. */
  readonly overlapMs: number;
  /** Errors of the model's side that cost the caller something. */
  readonly modelErrors: number;
  /** BCP-47: what the caller spoke last. */
  readonly language: string;
  /** A stable word, e.g. "completed". */
  readonly result: string;
  readonly reason: string;
  readonly adapter: string;
  readonly endedAt: Date;
  readonly turns: readonly TurnFact[];
}

export interface TurnFact {
  readonly turn: number;
  readonly firstByteMs: number;
  /** Undefined when no mark proved the answer heard. */
  readonly heardGapMs: number | undefined;
}

export interface CallFact {
  readonly callId: string;
  readonly result: string;
  readonly reason: string;
  readonly durationMs: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

export interface LeadFact {
  readonly leadId: string;
  readonly callId: string;
  readonly outcome: 'qualified' | 'dismissed';
  readonly category: string | undefined;
  readonly score: number | undefined;
  readonly dismissal: string | undefined;
  readonly language: string;
  readonly partial: boolean;
  readonly decidedAt: Date;
}
