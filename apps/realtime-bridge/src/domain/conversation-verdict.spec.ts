import { describe, expect, it } from '@jest/globals';
import { type Ending, verdictOf } from './conversation-verdict.js';

describe('the verdict of a conversation', () => {
  it.each<[Ending, boolean, string, string]>([
    [{ by: 'caller', how: 'hung_up' }, true, 'completed', 'caller_hung_up'],
    [{ by: 'caller', how: 'hung_up' }, false, 'silent_caller', 'caller_hung_up'],
    [{ by: 'assistant', how: 'said_goodbye' }, true, 'completed', 'assistant_said_goodbye'],
    [{ by: 'silence' }, true, 'completed', 'silence_timeout'],
    [{ by: 'silence' }, false, 'silent_caller', 'silence_timeout'],
    [{ by: 'stream', fault: 'stream_not_json' }, true, 'client_error', 'stream_not_json'],
    [{ by: 'model', fault: 'insufficient_quota' }, true, 'upstream_error', 'model_insufficient_quota'],
    [{ by: 'us', fault: 'drained' }, true, 'server_error', 'drained'],
  ])('%j, caller spoke: %j', (ending, spoke, result, reason) => {
    expect(verdictOf(ending, spoke)).toEqual({ result, reason });
  });
});
