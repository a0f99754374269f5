/** What the vendor says before it closes a socket with 1008. */
export class SpeechRefusal extends Error {
  override readonly name = 'SpeechRefusal';

  constructor(
    /** The vendor's name for it. */
    readonly error: string,
    message: string,
  ) {
    super(message);
  }
}

/** The close code of every refusal (policy violation). */
export const REFUSED = 1_008;

export const unreadable = (): SpeechRefusal =>
  new SpeechRefusal(
    'invalid_input_message',
    'Could not parse input message, make sure it is a json and follows the schema outlined in protocol.',
  );
