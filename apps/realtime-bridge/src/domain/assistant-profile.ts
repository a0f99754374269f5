import type { DatedFact } from './dated-facts.js';
import type { AdapterName } from './model-session.js';

/** What a tenant has told us about the business and how its assistant is to speak. */
export interface AssistantProfile {
  readonly tenantId: string;
  readonly businessName: string;
  /** BCP-47; the first is the default. Never empty. */
  readonly languages: readonly string[];
  /** IANA */
  readonly timeZone: string;
  /** Where national phone numbers are read, ISO 3166-1 alpha-2. */
  readonly region: string;
  /** By BCP-47 language. */
  readonly greetings: Readonly<Record<string, string>>;
  readonly voice: string;
  readonly services: readonly string[];
  readonly serviceArea: string;
  readonly openingHours: string;
  readonly facts: readonly string[];
  readonly datedFacts: readonly DatedFact[];
  readonly silenceDurationMs: number;
  readonly prefixPaddingMs: number;
  readonly silenceNudgeMs: number;
  /** The realtime model; empty for the platform's default. */
  readonly model: string;
  readonly escalationWords: readonly string[];
  readonly adapter: AdapterName;
  /** The ElevenLabs voice; empty for the platform's default. */
  readonly elevenlabsVoiceId: string;
}

/** The latest profile of each tenant, in memory: nobody is asked while a phone rings. */
export class Assistants {
  private readonly profiles = new Map<string, AssistantProfile>();
  private readonly followers: ((profile: AssistantProfile) => void)[] = [];

  know(profile: AssistantProfile): void {
    this.profiles.set(profile.tenantId, profile);
    for (const tell of this.followers) tell(profile);
  }

  /** Tells of every profile that is known or will be. */
  follow(tell: (profile: AssistantProfile) => void): void {
    this.followers.push(tell);
    for (const profile of this.profiles.values()) tell(profile);
  }

  of(tenantId: string): AssistantProfile | undefined {
    return this.profiles.get(tenantId);
  }

  get count(): number {
    return this.profiles.size;
  }
}
