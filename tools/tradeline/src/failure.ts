/** Something a person can mend: told without a stack trace, with its cure. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly cure: string | undefined;

  constructor(message: string, cure?: string) {
    super(message);
    this.cure = cure;
  }
}
