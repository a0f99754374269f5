/**
 * Thrown by a handler that cannot decide yet. The event comes again after the delay, and it counts as a delivery:
 * a reaction that waits often gives itself room with `maxDeliveries`.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Waiting is no failure: the reaction's span is not marked as one. */
  readonly expected = true;

  constructor(
    readonly delayMs: number,
    why: string,
  ) {
    super(why);
  }
}
