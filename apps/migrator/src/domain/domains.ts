/** A domain's database, and the app whose `prisma/migrations` make its tables. */
export interface Domain {
  readonly name: string;
  readonly app: string;
}

/** Every domain that stores anything, in the order in which a release is brought to them. */
export const DOMAINS: readonly Domain[] = [
  { name: 'tenants', app: 'tenant-gateway' },
  { name: 'telephony', app: 'telephony-gateway' },
  { name: 'leads', app: 'lead-qualifier' },
  { name: 'notifications', app: 'notifier' },
  { name: 'metrics', app: 'metrics-aggregator' },
];
