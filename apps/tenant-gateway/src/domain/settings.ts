/** A number of the tenant; E.164. */
export interface PhoneNumber {
  readonly number: string;
  /** E.g. "main line"; may be empty. */
  readonly label: string;
  readonly active: boolean;
}

/** How the assistant speaks: the model by itself, or ElevenLabs what the model writes. */
export const ADAPTERS = ['openai-realtime', 'openai-text-elevenlabs'] as const;
export type Adapter = (typeof ADAPTERS)[number];

/** Ends are local to the tenant's time zone, "2026-12-24" or "2026-12-24T12:00"; empty where there is none. */
export interface DatedFact {
  readonly text: string;
  readonly validFrom: string;
  /** The last day, or the minute from which on it is no longer true. */
  readonly validUntil: string;
}

/** What the assistant knows and how it speaks; 0 and '' stand for the platform's defaults. */
export interface AssistantProfile {
  readonly businessName: string;
  /** BCP-47; the first is the default. */
  readonly languages: readonly string[];
  /** IANA */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2 */
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
  readonly model: string;
  readonly escalationWords: readonly string[];
  readonly adapter: Adapter;
  /** Where ElevenLabs speaks. */
  readonly elevenlabsVoiceId: string;
}

export interface AlertSettings {
  /** Mail addresses. */
  readonly mailRecipients: readonly string[];
  /** BCP-47 */
  readonly language: string;
  readonly mailDismissedCalls: boolean;
}

/** What a tenant starts with, before it has said anything about itself. */
export const firstProfile = (businessName: string): AssistantProfile => ({
  businessName,
  languages: ['en-CA', 'fr-CA', 'es', 'tl'],
  timeZone: 'America/Toronto',
  region: 'CA',
  greetings: {},
  voice: 'marin',
  services: [],
  serviceArea: '',
  openingHours: '',
  facts: [],
  datedFacts: [],
  silenceDurationMs: 0,
  prefixPaddingMs: 0,
  silenceNudgeMs: 0,
  model: '',
  escalationWords: [],
  adapter: 'openai-realtime',
  elevenlabsVoiceId: '',
});

export const FIRST_ALERTS: AlertSettings = {
  mailRecipients: [],
  language: 'en-CA',
  mailDismissedCalls: false,
};
