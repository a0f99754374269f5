/** What Twilio's debugger would show: an error or a warning with Twilio's own number. */
export interface Notice {
  readonly code: number;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly callSid?: string;
}

/** The numbers that the fake gives, as listed in Twilio's error dictionary. */
export const NOTICES = {
  httpRetrievalFailure: 11200,
  documentParseFailure: 12100,
  schemaWarning: 12200,
  invalidContentType: 12300,
  playUnreadable: 12400,
  streamHandshake: 31920,
  streamClosedBadly: 31921,
  streamScheme: 31922,
  streamProtocol: 31924,
  streamMediaDiscarded: 31931,
  streamInvalidTrack: 31941,
  streamInvalidMessage: 31951,
} as const;

const WARNINGS: ReadonlySet<number> = new Set([NOTICES.schemaWarning, NOTICES.streamInvalidMessage]);

export function notice(code: number, message: string, callSid?: string): Notice {
  return { code, level: WARNINGS.has(code) ? 'warning' : 'error', message, ...(callSid ? { callSid } : {}) };
}
