import type { Scope } from './scopes.js';

/** Who asks: a tenant, by one of its keys. */
export interface Caller {
  readonly tenantId: string;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}
