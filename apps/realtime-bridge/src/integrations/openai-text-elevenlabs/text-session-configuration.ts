import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { SessionPlan } from '../../domain/model-session.js';
import { sessionConfiguration } from '../openai-realtime/session-configuration.js';

/** The same ears and the same rules as when the model speaks by itself; it only writes its answers down. */
export const textSessionConfiguration = (plan: SessionPlan): RealtimeSessionCreateRequest => {
  const spoken = sessionConfiguration(plan);
  const { input } = spoken.audio ?? {};
  return { ...spoken, output_modalities: ['text'], audio: { ...(input && { input }) } };
};
