/** Why a remote did not take a delivery. */
export interface TroubleFacts {
  /** "transient" may heal by itself; "permanent" needs a person. */
  readonly kind: 'transient' | 'permanent';
  /** In words a business owner understands, naming what to do when it is permanent. */
  readonly words: string;
  /** HTTP or SMTP status; 0 when there was no answer. */
  readonly status?: number;
  /** The remote asked for this pause, for everything of this connection. */
  readonly retryAfterMs?: number | undefined;
  /** The remote's own id of the request. */
  readonly requestId?: string | undefined;
  /** The remote's answer with everything personal taken out. */
  readonly redactedBody?: string | undefined;
  /** The remote wants no more of it: the connection is switched off. */
  readonly disable?: boolean;
  readonly cause?: unknown;
}

/** A delivery attempt that did not succeed, thrown by whoever speaks to a remote. */
export class RemoteTrouble extends Error {
  override readonly name = 'RemoteTrouble';

  constructor(readonly facts: TroubleFacts) {
    super(facts.words, { cause: facts.cause });
  }
}

/** 409 is not here: only some conflicts heal, and who speaks to the remote knows which. */
const HEALS: ReadonlySet<number> = new Set([408, 425, 429]);

/** Whether an HTTP status may heal by itself. */
export const healsByItself = (status: number): boolean => HEALS.has(status) || status >= 500;

const LONGEST_PAUSE_MS = 24 * 3_600_000;

/**
 * The pause that an HTTP `Retry-After` asks for (seconds or a date, RFC 9110), in milliseconds, at most a day.
 * Undefined when there is none or it cannot be read.
 */
export const retryAfterMs = (header: string | null | undefined, now: Date): number | undefined => {
  if (!header) return undefined;
  const seconds = Number(header);
  const pauseMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(pauseMs) ? undefined : Math.min(Math.max(pauseMs, 0), LONGEST_PAUSE_MS);
};
