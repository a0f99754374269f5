import type { PartyKey } from './outside-parties.ts';
import type { Secrets } from './secrets.ts';
import { TenantApi } from './tenant-api.ts';

/** From the range that is set aside for fiction, so no real phone rings. */
export const DEMO_NUMBER = '+16135550100';

const MAIL_RECIPIENT = 'owner@northside-plumbing.example';

const PROFILE = {
  businessName: 'Northside Plumbing and Heating',
  languages: ['en-CA', 'fr-CA', 'es', 'tl'],
  timeZone: 'America/Toronto',
  region: 'CA',
  voice: 'marin',
  services: ['plumbing repairs', 'furnace repairs', 'water heaters', 'drain cleaning'],
  serviceArea: 'Ottawa and Gatineau',
  openingHours: 'Monday to Friday 8:00-17:00, emergencies at any hour',
  facts: [
    'A service call costs 95 dollars, and it is credited towards the repair.',
    'Emergency visits arrive within two hours.',
    'All work is guaranteed for one year.',
  ],
  escalationWords: ['gas leak', 'flood', 'fire'],
} as const;

export interface DemoTenant {
  readonly id: string;
  readonly number: string;
  readonly apiKey: string;
}

interface CreatedTenant {
  readonly tenantId: string;
  readonly apiKey: string;
}

/** Makes the tenant that a newcomer calls, once per data directory; its key is kept like the other secrets. */
export const ensureDemoTenant = async (
  publicUrl: string,
  operatorToken: string,
  secrets: Secrets,
  sandboxed: readonly PartyKey[],
  hubspotToken: string | undefined,
): Promise<DemoTenant> => {
  const known = secrets.read('demo-tenant');
  if (known) {
    const tenant = JSON.parse(known) as DemoTenant;
    if (await new TenantApi(publicUrl, tenant.apiKey).accepts()) return tenant;
  }
  const created = await new TenantApi(publicUrl, operatorToken).post<CreatedTenant>('/operator/tenants', {
    name: PROFILE.businessName,
  });
  const api = new TenantApi(publicUrl, created.apiKey);
  await api.put('/v1/assistant', PROFILE);
  await api.put('/v1/alerts', {
    mailRecipients: [MAIL_RECIPIENT],
    language: 'en-CA',
    mailDismissedCalls: false,
  });
  const token = sandboxed.includes('hubspot') ? 'pat-sandbox-northside' : hubspotToken;
  if (token) await api.put('/v1/connections/hubspot', { secret: token, enabled: true });
  await api.put('/v1/numbers', { numbers: [{ number: DEMO_NUMBER, label: 'main line', active: true }] });
  const tenant = { id: created.tenantId, number: DEMO_NUMBER, apiKey: created.apiKey };
  secrets.put('demo-tenant', JSON.stringify(tenant));
  return tenant;
};
