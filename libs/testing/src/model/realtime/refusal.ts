import type { RealtimeError } from 'openai/resources/realtime/realtime';

/** A client event that the API refuses; the session goes on. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: string,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }

  toError(eventId: string | null): RealtimeError {
    return {
      type: 'invalid_request_error',
      code: this.code,
      message: this.message,
      param: this.param,
      event_id: eventId,
    };
  }
}
