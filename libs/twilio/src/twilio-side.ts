import { MAX_STREAM_MESSAGE_CHARS, type StreamCommand, type StreamMessage } from './stream-messages.js';

/** The other end of the media stream, for whoever plays Twilio. */

const encoders: {
  readonly [Event in StreamMessage['event']]: (message: Extract<StreamMessage, { event: Event }>) => object;
} = {
  connected: ({ protocol, version }) => ({ event: 'connected', protocol, version }),
  start: ({ sequence, streamSid, accountSid, callSid, tracks, customParameters, mediaFormat }) => ({
    event: 'start',
    sequenceNumber: String(sequence),
    start: { streamSid, accountSid, callSid, tracks, mediaFormat, customParameters },
    streamSid,
  }),
  media: ({ sequence, streamSid, track, chunk, timestampMs, payload }) => ({
    event: 'media',
    sequenceNumber: String(sequence),
    media: { track, chunk: String(chunk), timestamp: String(timestampMs), payload },
    streamSid,
  }),
  mark: ({ sequence, streamSid, name }) => ({
    event: 'mark',
    sequenceNumber: String(sequence),
    streamSid,
    mark: { name },
  }),
  dtmf: ({ sequence, streamSid, digit }) => ({
    event: 'dtmf',
    streamSid,
    sequenceNumber: String(sequence),
    dtmf: { track: 'inbound_track', digit },
  }),
  stop: ({ sequence, streamSid, accountSid, callSid }) => ({
    event: 'stop',
    sequenceNumber: String(sequence),
    streamSid,
    stop: { accountSid, callSid },
  }),
};

/** A message as Twilio writes it: numbers as strings. */
export const encodeStreamMessage = (message: StreamMessage): string => {
  const encode = encoders[message.event] as (message: StreamMessage) => object;
  return JSON.stringify(encode(message));
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Long model replies come in one message; this is more than any of them and well below a socket's limits. */
const MAX_COMMAND_CHARS = 64 * MAX_STREAM_MESSAGE_CHARS;

/** Reads what was sent to Twilio, as strictly as Twilio does: undefined stands for its error 31924. */
export const parseStreamCommand = (raw: string): StreamCommand | undefined => {
  if (raw.length > MAX_COMMAND_CHARS) return undefined;
  try {
    const { event, streamSid, media, mark } = JSON.parse(raw) as {
      event?: unknown;
      streamSid?: unknown;
      media?: { payload?: unknown };
      mark?: { name?: unknown };
    };
    if (typeof streamSid !== 'string') return undefined;
    if (event === 'clear') return { event, streamSid };
    if (event === 'mark' && typeof mark?.name === 'string') return { event, streamSid, name: mark.name };
    const payload = media?.payload;
    if (event !== 'media' || typeof payload !== 'string' || payload === '' || !BASE64.test(payload))
      return undefined;
    return { event, streamSid, payload };
  } catch {
    return undefined;
  }
};
