/** Who a tenant wants to be told, and how. */
export interface AlertSettings {
  readonly mailRecipients: readonly string[];
  /** BCP-47 */
  readonly language: string;
  readonly mailDismissedCalls: boolean;
  /** IANA */
  readonly timeZone: string;
  readonly businessName: string;
}

/** For a delivery's detail: "1 recipient", "2 recipients". */
export const recipientsInWords = (count: number): string => `${count} recipient${count === 1 ? '' : 's'}`;

/** Every tenant's alert settings, in memory, as the settings stream tells them. */
export class AlertSettingsBook {
  private readonly byTenant = new Map<string, AlertSettings>();
  private caughtUp = false;
  private markCaughtUp: () => void = () => undefined;
  private readonly ready = new Promise<void>((resolve) => {
    this.markCaughtUp = resolve;
  });

  /** True when every snapshot that was there at the start has been read. */
  get complete(): boolean {
    return this.caughtUp;
  }

  keep(tenantId: string, settings: AlertSettings): void {
    this.byTenant.set(tenantId, settings);
  }

  /** Says that the reading of old snapshots is over. */
  markComplete(): void {
    this.caughtUp = true;
    this.markCaughtUp();
  }

  /** Waits until the book is complete: before that, a missing tenant may only be one that was not read yet. */
  async of(tenantId: string): Promise<AlertSettings | undefined> {
    await this.ready;
    return this.byTenant.get(tenantId);
  }
}
