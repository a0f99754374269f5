import type {
  RealtimeAudioInputTurnDetection,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import type { SessionPlan } from '../../domain/model-session.js';
import { baseLanguage } from '../../domain/languages.js';
import { prefixPaddingMs, silenceDurationMs } from '../../domain/turn-detection.js';

/** whisper-1 and the gpt-4o transcribers are switched off on 26 February 2027; this one takes language hints and keywords. */
export const TRANSCRIPTION_MODEL = 'gpt-live-transcribe';

/** A receptionist's two sentences are some 250 tokens of audio; this only stops a model that has lost its way. */
const MAX_OUTPUT_TOKENS = 4_096;

const PCMU = { type: 'audio/pcmu' } as const;

/** The transcriber knows Filipino by its ISO 639-1 code. */
const transcriptionLanguage = (tag: string): string =>
  baseLanguage(tag) === 'fil' ? 'tl' : baseLanguage(tag);

/** Turns are detected and answered there; interrupting is ours. */
export const turnDetection = (
  { prefixPaddingMs: paddingMs }: SessionPlan,
  silenceMs: number,
): RealtimeAudioInputTurnDetection.ServerVad => ({
  type: 'server_vad',
  silence_duration_ms: silenceMs,
  prefix_padding_ms: prefixPaddingMs(paddingMs),
  create_response: true,
  interrupt_response: false,
});

/**
 * The session as we want it: µ-law both ways as the phone has it, server-side turn detection that answers by itself but leaves
 * interrupting to us, because only we know what the caller has heard.
 * Source: the `session.update` event of the Realtime API, https://platform.openai.com/docs/api-reference/realtime-client-events
 */
export const sessionConfiguration = (plan: SessionPlan): RealtimeSessionCreateRequest => ({
  type: 'realtime',
  output_modalities: ['audio'],
  instructions: plan.instructions,
  audio: {
    input: {
      format: PCMU,
      transcription: {
        model: TRANSCRIPTION_MODEL,
        languages: [...new Set(plan.languages.map(transcriptionLanguage))],
        ...(plan.keywords.length > 0 && { keywords: [...plan.keywords] }),
      },
      turn_detection: turnDetection(plan, silenceDurationMs(plan.silenceDurationMs)),
    },
    output: { format: PCMU, voice: plan.voice },
  },
  tools: plan.tools.map(({ name, description, parameters }) => ({
    type: 'function',
    name,
    description,
    parameters,
  })),
  tool_choice: 'auto',
  max_output_tokens: MAX_OUTPUT_TOKENS,
});
