/** What an API key may do. */
export const SCOPES = [
  'calls:read',
  'leads:read',
  'deliveries:read',
  'deliveries:write',
  'metrics:read',
  'events:read',
  'settings:read',
  'settings:write',
  'keys:write',
] as const;

export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
