/** The account whose calls these are. */
export class TwilioAccount {
  constructor(readonly sid: string) {}
}
