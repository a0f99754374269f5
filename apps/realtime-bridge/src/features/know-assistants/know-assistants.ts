import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type AssistantProfileChanged, AssistantProfileChangedSchema } from '@tradeline/contracts';
import { SettingsStream } from '@tradeline/messaging';
import { ADAPTERS } from '../../domain/model-session.js';
import { type AssistantProfile, Assistants } from '../../domain/assistant-profile.js';

const DEFAULT_VOICE = 'marin';

/** Fills what a tenant left open. */
export const profileOf = (event: AssistantProfileChanged): AssistantProfile => ({
  tenantId: event.meta?.tenantId ?? '',
  businessName: event.businessName,
  languages: event.languages.length > 0 ? event.languages : ['en'],
  timeZone: event.timeZone,
  region: event.region,
  greetings: event.greetings,
  voice: event.voice === '' ? DEFAULT_VOICE : event.voice,
  services: event.services,
  serviceArea: event.serviceArea,
  openingHours: event.openingHours,
  facts: event.facts,
  datedFacts: event.datedFacts.map(({ text, validFrom, validUntil }) => ({ text, validFrom, validUntil })),
  silenceDurationMs: event.silenceDurationMs,
  prefixPaddingMs: event.prefixPaddingMs,
  silenceNudgeMs: event.silenceNudgeMs,
  model: event.model,
  escalationWords: event.escalationWords,
  adapter: ADAPTERS.find((adapter) => adapter === event.adapter) ?? 'openai-realtime',
  elevenlabsVoiceId: event.elevenlabsVoiceId,
});

/** Keeps the latest profile of every tenant in memory. The process is ready when it has read them all. */
@Injectable()
export class KnowAssistants implements OnModuleInit {
  constructor(
    private readonly settings: SettingsStream,
    private readonly assistants: Assistants,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.settings.follow(AssistantProfileChangedSchema, (event) =>
      this.assistants.know(profileOf(event)),
    );
  }
}
