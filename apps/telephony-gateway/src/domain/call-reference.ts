/**
 * What the addresses in our TwiML say about the call they belong to. Twilio sends them back signed, so each such
 * request holds all that is needed to complete what a crash may have kept from being written.
 */
export interface CallReference {
  readonly tenantId: string;
  readonly callId: string;
  readonly conversationId: string;
  /** The run of the bridge that the stream was opened to. */
  readonly bridgeInstance: string;
  /** When the webhook of the call came in. */
  readonly receivedAt: Date;
  /** How often the call has been given to another bridge before. */
  readonly handovers: number;
}

const TOKEN = /^[A-Za-z0-9_.-]{1,64}$/;
const DIGITS = /^\d{1,15}$/;

/** `tenant=...&call=...`: in the order and the characters that the signature then covers. */
export const queryOf = (reference: CallReference): string =>
  new URLSearchParams({
    tenant: reference.tenantId,
    call: reference.callId,
    conversation: reference.conversationId,
    bridge: reference.bridgeInstance,
    at: String(reference.receivedAt.getTime()),
    handovers: String(reference.handovers),
  }).toString();

/** Reads a reference back; undefined when it is not one of ours. */
export const referenceFrom = (query: Readonly<Record<string, unknown>>): CallReference | undefined => {
  const { tenant, call, conversation, bridge, at, handovers } = query;
  const tokens = [tenant, call, conversation, bridge];
  if (!tokens.every((token): token is string => typeof token === 'string' && TOKEN.test(token)))
    return undefined;
  const [tenantId = '', callId = '', conversationId = '', bridgeInstance = ''] = tokens;
  if (
    typeof at !== 'string' ||
    !DIGITS.test(at) ||
    typeof handovers !== 'string' ||
    !DIGITS.test(handovers)
  ) {
    return undefined;
  }
  return {
    tenantId,
    callId,
    conversationId,
    bridgeInstance,
    receivedAt: new Date(Number(at)),
    handovers: Number(handovers),
  };
};
