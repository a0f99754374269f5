import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { SettingsRepository } from '../../database/settings.repository.js';
import { ADAPTERS } from '../../domain/settings.js';
import { datedFact } from './dated-fact.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { language } from '../../http/shapes.js';

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const line = (max: number) => z.string().trim().max(max);
const lines = (count: number, max: number) => z.array(line(max).min(1, 'Must not be empty')).max(count);

/** The bounds of server_vad are the model's; a turn that ends sooner or later than this is no conversation. */
const vad = (max: number, what: string) =>
  z.number().int().min(0).max(max).default(0).meta({ description: what });

const profile = z
  .strictObject({
    businessName: line(200).min(1, 'Must not be empty'),
    languages: z
      .array(language)
      .min(1, 'At least one')
      .max(10)
      .meta({ description: 'The first is the default' }),
    timeZone: z
      .string()
      .refine(isTimeZone, 'Must be an IANA time zone such as America/Toronto')
      .default('America/Toronto'),
    region: z
      .string()
      .regex(/^[A-Z]{2}$/, 'Must be two capital letters such as CA')
      .default('CA')
      .meta({ description: 'The region of national phone numbers, ISO 3166-1 alpha-2' }),
    greetings: z.record(language, line(500)).default({}).meta({ description: 'The greeting by language' }),
    voice: line(50).default('marin'),
    services: lines(50, 200).default([]),
    serviceArea: line(500).default('').meta({ description: 'In words' }),
    openingHours: line(500).default('').meta({ description: 'In words' }),
    facts: lines(100, 500).default([]).meta({
      description:
        'What the assistant may say; it invents nothing beside it. A call is told 60 facts at most',
    }),
    datedFacts: z.array(datedFact).max(100).default([]).meta({
      description: 'Facts that the assistant may say while they are true; they go before the others',
    }),
    silenceDurationMs: vad(
      5_000,
      "Milliseconds of silence that end a caller's turn; 0 for the default of 450",
    ),
    prefixPaddingMs: vad(2_000, 'Milliseconds of audio kept before speech; 0 for the default of 300'),
    silenceNudgeMs: vad(60_000, 'Milliseconds of silence before a nudge; 0 for the default of 6000'),
    model: line(100)
      .default('')
      .meta({ description: "The realtime model; empty for the platform's default" }),
    escalationWords: lines(50, 100).default([]).meta({ description: 'Words that mean "a person, now"' }),
    adapter: z.enum(ADAPTERS).default('openai-realtime').meta({
      description:
        'How the assistant speaks: the realtime model by itself, or ElevenLabs what the model writes',
    }),
    elevenlabsVoiceId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{0,100}$/, "Must be the id of a voice, or empty for the platform's default")
      .default('')
      .meta({ description: "The voice where ElevenLabs speaks; empty for the platform's default" }),
  })
  .meta({
    id: 'AssistantProfile',
    example: {
      businessName: 'Northside Plumbing and Heating',
      languages: ['en-CA', 'fr-CA'],
      timeZone: 'America/Toronto',
      region: 'CA',
      greetings: { 'fr-CA': 'Bonjour, ici l’assistant IA de Northside. Comment puis-je vous aider?' },
      voice: 'marin',
      services: ['plumbing repairs', 'furnace repairs'],
      serviceArea: 'Ottawa and Gatineau',
      openingHours: 'Monday to Friday 8:00-17:00',
      facts: ['A service call costs 95 dollars.'],
      datedFacts: [
        { text: 'We are closed for the holidays.', validFrom: '2026-12-24T12:00', validUntil: '2027-01-01' },
      ],
      silenceDurationMs: 450,
      prefixPaddingMs: 300,
      silenceNudgeMs: 6_000,
      model: '',
      escalationWords: ['gas leak', 'flood'],
    },
  });

export const getAssistant = route({
  method: 'get',
  path: '/v1/assistant',
  tag: 'settings',
  summary: "Read the assistant's profile",
  needs: 'settings:read',
  response: profile,
});

export const putAssistant = route({
  method: 'put',
  path: '/v1/assistant',
  tag: 'settings',
  summary: "Replace the assistant's profile",
  description: 'Calls that ring from the next moment on are answered with it.',
  needs: 'settings:write',
  body: profile,
  response: profile,
});

@Controller()
export class ManageAssistantController {
  constructor(private readonly settings: SettingsRepository) {}

  @Serve(getAssistant)
  async get({ caller }: Input<typeof getAssistant>): Promise<Output<typeof getAssistant>> {
    return mutable(await this.settings.assistant(caller.tenantId));
  }

  @Serve(putAssistant)
  async put({ caller, body }: Input<typeof putAssistant>): Promise<Output<typeof putAssistant>> {
    await this.settings.replaceAssistant(caller, body);
    return body;
  }
}

type Profile = Awaited<ReturnType<SettingsRepository['assistant']>>;

const mutable = (stored: Profile): z.input<typeof profile> => ({
  ...stored,
  languages: [...stored.languages],
  services: [...stored.services],
  facts: [...stored.facts],
  datedFacts: stored.datedFacts.map((fact) => ({ ...fact })),
  escalationWords: [...stored.escalationWords],
});
