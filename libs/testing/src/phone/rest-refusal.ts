/** Twilio's way to say no: an HTTP status with its own number and words. */
export class RestRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
