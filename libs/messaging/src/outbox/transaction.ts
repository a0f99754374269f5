/** The part of a database transaction that the outbox needs; a Prisma interactive transaction fits as it is. */
export interface OutboxTransaction {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
}

/** Seals an event between its transaction and the bus, where it would otherwise lie readable in a table. */
export interface OutboxKeys {
  sealForOutbox(bytes: Uint8Array): Uint8Array;
  openFromOutbox(bytes: Uint8Array): Uint8Array;
}
