import type { Listener } from './spoken-messages.js';

const NOBODY: Listener = { languages: [], businessName: '' };

/** In which languages and under which name each tenant's callers are spoken to, in memory. */
export class TenantVoices {
  private readonly voices = new Map<string, Listener>();

  replace(tenantId: string, voice: Listener): void {
    this.voices.set(tenantId, voice);
  }

  /** English and nameless for a tenant that has said nothing yet, or for none. */
  of(tenantId: string | undefined): Listener {
    return (tenantId !== undefined && this.voices.get(tenantId)) || NOBODY;
  }
}
