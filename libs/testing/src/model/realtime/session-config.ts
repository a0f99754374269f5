import type {
  RealtimeAudioConfigInput,
  RealtimeAudioConfigOutput,
  RealtimeAudioFormats,
  RealtimeSessionCreateRequest,
  SessionUpdateEvent,
} from 'openai/resources/realtime/realtime';
import { Refusal } from './refusal.js';

const VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];
const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  create_response: true,
  interrupt_response: true,
} as const;
const SEMANTIC_VAD = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
} as const;

export interface SessionConfig extends RealtimeSessionCreateRequest {
  readonly model: string;
  readonly instructions: string;
  readonly output_modalities: ('text' | 'audio')[];
  readonly audio: { readonly input: RealtimeAudioConfigInput; readonly output: RealtimeAudioConfigOutput };
}

/** What a session is before the client says anything. */
export function initialConfig(model: string): SessionConfig {
  return {
    type: 'realtime',
    model,
    instructions: '',
    output_modalities: ['audio'],
    audio: {
      input: { format: { type: 'audio/pcm', rate: 24_000 }, turn_detection: SERVER_VAD },
      output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'alloy', speed: 1 },
    },
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
  };
}

/**
 * Applies an update: fields that are present replace what was, all others stay; null turns a feature off.
 * Throws `Refusal` for what cannot change any more.
 */
export function updatedConfig(
  current: SessionConfig,
  { session }: SessionUpdateEvent,
  hasSpoken: boolean,
): SessionConfig {
  if (session.type !== 'realtime')
    throw new Refusal(
      'invalid_value',
      'Passing a transcription session update event to a realtime session is not allowed.',
      'session.type',
    );
  if (session.model !== undefined && session.model !== current.model) {
    throw new Refusal(
      'cannot_update_model',
      "Cannot update a conversation's model once the session is created.",
      'session.model',
    );
  }
  if (
    current.tracing &&
    session.tracing &&
    JSON.stringify(session.tracing) !== JSON.stringify(current.tracing)
  ) {
    throw new Refusal(
      'invalid_value',
      'Tracing configuration cannot be changed once it is set.',
      'session.tracing',
    );
  }
  const output = definedOnly({ ...current.audio.output, ...session.audio?.output });
  refuseVoice(output, current, hasSpoken);
  refuseFormat(output.format, 'session.audio.output.format');
  refuseFormat(session.audio?.input?.format, 'session.audio.input.format');
  return {
    ...current,
    ...definedOnly(session),
    model: current.model,
    audio: { input: updatedInput(current.audio.input, session.audio?.input), output },
  } as SessionConfig;
}

function updatedInput(
  current: RealtimeAudioConfigInput,
  update: RealtimeAudioConfigInput = {},
): RealtimeAudioConfigInput {
  const input: RealtimeAudioConfigInput = definedOnly({ ...current, ...update });
  if (update.turn_detection) {
    const defaults = update.turn_detection.type === 'server_vad' ? SERVER_VAD : SEMANTIC_VAD;
    input.turn_detection = { ...defaults, ...update.turn_detection } as NonNullable<
      RealtimeAudioConfigInput['turn_detection']
    >;
  }
  // The types know "off" for these two only as absent.
  if (input.transcription === null) delete input.transcription;
  if (input.noise_reduction === null) delete input.noise_reduction;
  return input;
}

function refuseVoice(output: RealtimeAudioConfigOutput, current: SessionConfig, hasSpoken: boolean): void {
  if (typeof output.voice === 'string' && !VOICES.includes(output.voice)) {
    throw new Refusal(
      'invalid_value',
      `Invalid value: '${output.voice}'. Supported values are: ${VOICES.map((voice) => `'${voice}'`).join(', ')}.`,
      'session.audio.output.voice',
    );
  }
  if (hasSpoken && JSON.stringify(output.voice) !== JSON.stringify(current.audio.output.voice)) {
    throw new Refusal(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
      'session.audio.output.voice',
    );
  }
}

/** A-law would have to be transcoded, and transcoded audio is not recognised: refused rather than misheard. */
function refuseFormat(format: RealtimeAudioFormats | undefined, param: string): void {
  if (format?.type === 'audio/pcma')
    throw new Refusal('invalid_value', 'The sandbox speaks audio/pcmu and audio/pcm, not audio/pcma.', param);
}

function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
