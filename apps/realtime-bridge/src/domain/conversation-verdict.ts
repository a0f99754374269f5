export type Result = 'completed' | 'silent_caller' | 'client_error' | 'upstream_error' | 'server_error';

/** How a conversation ended, and who is answerable for it. */
export interface Verdict {
  readonly result: Result;
  /** A stable word for the cause. */
  readonly reason: string;
}

/** What made us close, as it was seen where it happened. */
export type Ending =
  | { readonly by: 'caller'; readonly how: 'hung_up' }
  | { readonly by: 'assistant'; readonly how: 'said_goodbye' }
  | { readonly by: 'silence' }
  /** The media stream broke the protocol or a bound, e.g. "bad_json", "stream_stalled". */
  | { readonly by: 'stream'; readonly fault: string }
  /** The model's side failed, e.g. "closed", "connect_timeout", "insufficient_quota". */
  | { readonly by: 'model'; readonly fault: string }
  | { readonly by: 'us'; readonly fault: string };

export const verdictOf = (ending: Ending, callerSpoke: boolean): Verdict => {
  switch (ending.by) {
    case 'caller':
      return { result: callerSpoke ? 'completed' : 'silent_caller', reason: 'caller_hung_up' };
    case 'assistant':
      return { result: 'completed', reason: 'assistant_said_goodbye' };
    case 'silence':
      return { result: callerSpoke ? 'completed' : 'silent_caller', reason: 'silence_timeout' };
    case 'stream':
      return { result: 'client_error', reason: ending.fault };
    case 'model':
      return { result: 'upstream_error', reason: `model_${ending.fault}` };
    case 'us':
      return { result: 'server_error', reason: ending.fault };
  }
};
