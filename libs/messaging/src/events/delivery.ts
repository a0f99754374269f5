/** One delivery of an event to one reaction. */
export interface Delivery {
  readonly eventId: string;
  readonly tenantId: string;
  /** The reaction's name as in the catalogue: with the event's id it says what has been done already. */
  readonly reaction: string;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  readonly occurredAt: Date;
}
