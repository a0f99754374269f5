/**
 * What can be measured: our bridge with a message for every frame, the OpenAI Agents SDK's Twilio transport, a plain relay, and
 * our bridge as it is when its event loop is busy, with frames in threes.
 */
export const SYSTEM_NAMES = ['bridge', 'sdk', 'relay', 'busy-bridge'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];
