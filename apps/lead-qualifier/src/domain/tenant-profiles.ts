/** What a tenant's settings tell about reading its calls. */
export interface TenantProfile {
  /** ISO 3166-1 alpha-2: where national numbers are dialled. */
  readonly region: string;
  /** BCP-47: the language its people read. */
  readonly language: string;
}

/** Settings that have not been told yet say nothing about a country; most of what can be dialled without one is there. */
const UNKNOWN: TenantProfile = { region: 'CA', language: 'en' };

/** Every tenant's profile, in memory. */
export class TenantProfiles {
  private readonly profiles = new Map<string, TenantProfile>();

  set(tenantId: string, profile: Partial<TenantProfile>): void {
    this.profiles.set(tenantId, {
      region: profile.region || UNKNOWN.region,
      language: profile.language || UNKNOWN.language,
    });
  }

  of(tenantId: string): TenantProfile {
    return this.profiles.get(tenantId) ?? UNKNOWN;
  }
}
