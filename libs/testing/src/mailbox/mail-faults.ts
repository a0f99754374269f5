/** What the mailbox does wrong with the next mails, so that a sender's retries can be watched. */
export type MailFault =
  /** Refuses with this SMTP code: 4xx asks the sender to come back, 5xx tells it not to. */
  | {
      readonly kind: 'refuse';
      readonly code: number;
      readonly message?: string;
      readonly at?: 'recipient' | 'data';
    }
  /** Answers late. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Takes the mail and cuts the connection before it says so: the sender cannot know. */
  | { readonly kind: 'drop-after-data' };

/** Faults waiting for their turn; each serves as often as it was planned. */
export class MailFaults {
  private readonly planned: { fault: MailFault; left: number }[] = [];

  plan(fault: MailFault, times: number): void {
    this.planned.push({ fault, left: times });
  }

  /** How many have not been taken yet. */
  get left(): number {
    return this.planned.reduce((sum, { left }) => sum + left, 0);
  }

  clear(): void {
    this.planned.length = 0;
  }

  /** Takes the next fault that `fits`, or undefined. */
  take(fits: (fault: MailFault) => boolean): MailFault | undefined {
    const next = this.planned.find((entry) => entry.left > 0 && fits(entry.fault));
    if (!next) return undefined;
    next.left -= 1;
    return next.fault;
  }
}
