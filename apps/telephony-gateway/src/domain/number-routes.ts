/** A tenant's number as it was last announced. */
export interface RoutedNumber {
  /** E.164 */
  readonly number: string;
  readonly active: boolean;
}

/** Where a call to a number goes. */
export type Route =
  | { readonly kind: 'assistant'; readonly tenantId: string }
  | { readonly kind: 'inactive'; readonly tenantId: string }
  | { readonly kind: 'unknown' };

/** Which number belongs to which tenant, in memory: while a phone rings nobody is asked. */
export class NumberRoutes {
  private readonly owners = new Map<string, { tenantId: string; active: boolean }>();
  private readonly numbersOf = new Map<string, readonly string[]>();
  /** Who had a number that is no longer routed: the reports about calls in progress still need it. */
  private readonly formerOwners = new Map<string, string>();

  /** Takes a tenant's numbers as a whole: those not in the list are no longer the tenant's. */
  replace(tenantId: string, numbers: readonly RoutedNumber[]): void {
    for (const number of this.numbersOf.get(tenantId) ?? []) {
      if (this.owners.get(number)?.tenantId !== tenantId) continue;
      this.owners.delete(number);
      this.formerOwners.set(number, tenantId);
    }
    for (const { number, active } of numbers) {
      this.owners.set(number, { tenantId, active });
      this.formerOwners.delete(number);
    }
    this.numbersOf.set(
      tenantId,
      numbers.map(({ number }) => number),
    );
  }

  routeOf(number: string): Route {
    const owner = this.owners.get(number);
    if (!owner) return { kind: 'unknown' };
    return { kind: owner.active ? 'assistant' : 'inactive', tenantId: owner.tenantId };
  }

  /** Whose calls on this number are, also for a while after it was released. */
  ownerOf(number: string): string | undefined {
    return this.owners.get(number)?.tenantId ?? this.formerOwners.get(number);
  }

  tenants(): readonly string[] {
    return [...this.numbersOf.keys()];
  }
}
