import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';

/** True when a write was refused because another has come since the one that it was to follow. */
export const isOvertaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
    error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);
