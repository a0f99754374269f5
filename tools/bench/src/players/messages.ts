import type { Arrived, Gap } from '../wire/arrivals.ts';
import type { DelayCounts } from '../wire/delays.ts';

/** What the benchmark and the processes that play for it say to each other. */

/** How the conversation runs; the same for every system under test. */
export interface Script {
  /** Length of the model's audio messages; a multiple of 20. */
  readonly deltaMs: number;
  /** From the request of an answer to its first audio. */
  readonly firstAudioMs: number;
  /** From the connection to the configured session. */
  readonly openingMs: number;
  readonly greetingMs: number;
  readonly answerMs: number;
  /** From the end of an answer's audio to the caller's next word. */
  readonly pauseMs: number;
  readonly callerSpeaksMs: number;
  /** Every so many turns the caller speaks in the middle of the answer. */
  readonly bargeInEvery: number;
}

/** Between these times everything is steady, and delays and loads count. */
export interface Window {
  readonly fromUs: number;
  readonly toUs: number;
}

/** How a call's stream is to be opened. */
export interface Place {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

export type ToPhones =
  | { readonly type: 'begin'; readonly calls: number; readonly rampMs: number; readonly setupMs: number }
  | { readonly type: 'place'; readonly call: number; readonly callSid: string; readonly place: Place }
  | { readonly type: 'refused'; readonly call: number; readonly why: string }
  | { readonly type: 'window'; readonly window: Window }
  | { readonly type: 'hang-up'; readonly overMs: number };

export type FromPhones =
  | { readonly type: 'up' }
  | { readonly type: 'want-place'; readonly call: number; readonly callSid: string }
  | { readonly type: 'report'; readonly report: PhonesReport };

export interface PhonesReport {
  /** Calls that never opened, and those whose stream was closed before they hung up; a few reasons. */
  readonly failed: number;
  readonly dropped: number;
  readonly reasons: readonly string[];
  readonly fromModel: DelayCounts;
  readonly greetingsMs: readonly number[];
  /** When `clear` came, by call. */
  readonly clears: readonly (readonly [call: number, atUs: number])[];
  readonly hangUps: readonly (readonly [call: number, atUs: number])[];
  readonly sent: readonly (readonly [call: number, frames: number])[];
  readonly arrived: readonly Arrived[];
  readonly unreadable: number;
  /** In the window. */
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly cpuMs: number;
}

export type ToModel =
  | { readonly type: 'window'; readonly window: Window }
  | { readonly type: 'report'; readonly waitMs: number; readonly hangUps: PhonesReport['hangUps'] };

export type FromModel =
  { readonly type: 'up'; readonly url: string } | { readonly type: 'report'; readonly report: ModelReport };

export interface ModelReport {
  readonly sessionsOpened: number;
  /** Still open when all calls had hung up and the patience was over. */
  readonly sessionsLeft: number;
  readonly fromCallers: DelayCounts;
  readonly bargeIns: readonly (readonly [call: number, atUs: number])[];
  /** Answer frames that had the time to be heard before the caller hung up. */
  readonly sent: readonly (readonly [call: number, frames: number])[];
  /** Answer frames that a good system drops, because the caller has interrupted them. */
  readonly droppable: readonly Gap[];
  readonly arrived: readonly Arrived[];
  readonly unreadable: number;
  /** In the window. */
  readonly appends: number;
  readonly cpuMs: number;
}
