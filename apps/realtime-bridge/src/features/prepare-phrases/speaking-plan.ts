import type { AssistantProfile } from '../../domain/assistant-profile.js';
import type { SessionPlan } from '../../domain/model-session.js';

/** A tenant's voice, without the conversation that usually goes with it. */
export const speakingPlan = (profile: AssistantProfile, defaultModel: string): SessionPlan => ({
  adapter: profile.adapter,
  model: profile.model === '' ? defaultModel : profile.model,
  voice: profile.voice,
  speechVoiceId: profile.elevenlabsVoiceId,
  instructions: [
    'You are a receptionist on the phone. Speak warmly and plainly.',
    'Say exactly the words that you are asked to say, and nothing else.',
    `Languages: ${profile.languages.join(', ')}`,
  ].join('\n'),
  tools: [],
  languages: profile.languages,
  keywords: [],
  silenceDurationMs: profile.silenceDurationMs,
  prefixPaddingMs: profile.prefixPaddingMs,
});
