import { createHash } from 'node:crypto';
import type { AssistantProfile } from '../../domain/assistant-profile.js';
import type { AdapterName } from '../../domain/model-session.js';

/** What the environment settles about voices. */
export interface VoiceDefaults {
  readonly defaultModel: string;
  readonly elevenLabs: {
    readonly apiKey: string;
    readonly modelId: string;
    readonly defaultVoiceId: string;
  };
}

/** Names the sound of a text by what it is made from: the same words in the same voice are the same sound for every tenant. */
export class PhraseKeys {
  constructor(private readonly defaults: VoiceDefaults) {}

  of(profile: AssistantProfile, text: string): string {
    return createHash('sha256')
      .update(JSON.stringify([...this.voiceOf(profile), text]))
      .digest('base64url');
  }

  /** The adapter, and what decides about its sound. */
  private voiceOf(profile: AssistantProfile): readonly [AdapterName, string, string] {
    const { defaultModel, elevenLabs } = this.defaults;
    if (profile.adapter === 'openai-text-elevenlabs' && elevenLabs.apiKey !== '')
      return [profile.adapter, elevenLabs.modelId, profile.elevenlabsVoiceId || elevenLabs.defaultVoiceId];
    return ['openai-realtime', profile.model || defaultModel, profile.voice];
  }
}
