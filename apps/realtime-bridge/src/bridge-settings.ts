import type { BridgeEnv } from './env.js';

/** What the environment settles for this process; a class, so that Nest can inject it by type. */
export class BridgeSettings {
  readonly instance: string;
  /** Where Twilio reaches the streams of this platform. */
  readonly publicUrl: string;
  readonly twilioAuthToken: string;
  readonly streamTokenSecret: string;
  readonly openAi: { readonly baseUrl: string; readonly apiKey: string };
  /** Without a key nobody is spoken to by it. */
  readonly elevenLabs: {
    readonly baseUrl: string;
    readonly apiKey: string;
    readonly modelId: string;
    readonly defaultVoiceId: string;
  };
  readonly defaultModel: string;
  readonly capacity: number;
  readonly maxEventLoopUse: number;
  readonly coalesceAboveEventLoopUse: number;
  readonly drainTimeoutMs: number;

  constructor(env: BridgeEnv) {
    this.instance = env.INSTANCE_ID;
    this.publicUrl = env.STREAM_PUBLIC_URL ?? env.PUBLIC_URL;
    this.twilioAuthToken = env.TWILIO_AUTH_TOKEN;
    this.streamTokenSecret = env.STREAM_TOKEN_SECRET;
    this.openAi = { baseUrl: env.OPENAI_BASE_URL, apiKey: env.OPENAI_API_KEY };
    this.elevenLabs = {
      baseUrl: env.ELEVENLABS_BASE_URL,
      apiKey: env.ELEVENLABS_API_KEY,
      modelId: env.ELEVENLABS_MODEL,
      defaultVoiceId: env.ELEVENLABS_VOICE_ID,
    };
    this.defaultModel = env.OPENAI_REALTIME_MODEL;
    this.capacity = env.CAPACITY;
    this.maxEventLoopUse = env.MAX_EVENT_LOOP_USE;
    this.coalesceAboveEventLoopUse = env.COALESCE_ABOVE_EVENT_LOOP_USE;
    this.drainTimeoutMs = env.DRAIN_TIMEOUT_MS;
  }
}
