/** What can be measured: our bridge, the OpenAI Agents SDK's Twilio transport, a plain relay. */
export const SYSTEM_NAMES = ['bridge', 'sdk', 'relay'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];
