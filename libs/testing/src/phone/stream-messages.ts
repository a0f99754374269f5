/**
 * The messages of Twilio's Media Streams protocol, written from its documentation and not through the product's
 * codec: a mistake there must not cancel itself out here. Numbers travel as strings.
 */
export interface StreamStart {
  readonly accountSid: string;
  readonly callSid: string;
  readonly customParameters: Readonly<Record<string, string>>;
}

export class StreamWriter {
  private sequence = 0;
  private chunk = 0;

  constructor(private readonly streamSid: string) {}

  connected(): string {
    return JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' });
  }

  start({ accountSid, callSid, customParameters }: StreamStart): string {
    return JSON.stringify({
      event: 'start',
      sequenceNumber: this.nextSequence(),
      start: {
        accountSid,
        streamSid: this.streamSid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters,
      },
      streamSid: this.streamSid,
    });
  }

  /** `timestampMs` counts from the stream's start. */
  media(frame: Uint8Array, timestampMs: number): string {
    this.chunk += 1;
    return JSON.stringify({
      event: 'media',
      sequenceNumber: this.nextSequence(),
      media: {
        track: 'inbound',
        chunk: String(this.chunk),
        timestamp: String(timestampMs),
        payload: Buffer.from(frame).toString('base64'),
      },
      streamSid: this.streamSid,
    });
  }

  mark(name: string): string {
    return JSON.stringify({
      event: 'mark',
      sequenceNumber: this.nextSequence(),
      streamSid: this.streamSid,
      mark: { name },
    });
  }

  dtmf(digit: string): string {
    return JSON.stringify({
      event: 'dtmf',
      streamSid: this.streamSid,
      sequenceNumber: this.nextSequence(),
      dtmf: { track: 'inbound_track', digit },
    });
  }

  stop(accountSid: string, callSid: string): string {
    return JSON.stringify({
      event: 'stop',
      sequenceNumber: this.nextSequence(),
      streamSid: this.streamSid,
      stop: { accountSid, callSid },
    });
  }

  private nextSequence(): string {
    this.sequence += 1;
    return String(this.sequence);
  }
}

export type ServerMessage =
  | { readonly event: 'media'; readonly audio: Uint8Array }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'clear' }
  | { readonly event: 'refused'; readonly reason: string };

// One character class and no group: ten minutes of audio in one message must not overflow the matcher's stack.
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads what the server sent, as strictly as Twilio says it does: three events, the stream's own SID, a known shape. */
export function readServerMessage(text: string, streamSid: string): ServerMessage {
  const message = parseObject(text);
  if (!message) return { event: 'refused', reason: 'the message is not a JSON object' };
  if (message.streamSid !== streamSid)
    return { event: 'refused', reason: 'streamSid is not that of the active stream' };
  switch (message.event) {
    case 'media':
      return readMedia(asObject(message.media));
    case 'mark': {
      const name = asObject(message.mark)?.name;
      return typeof name === 'string' && name.length > 0
        ? { event: 'mark', name }
        : { event: 'refused', reason: 'mark.name is missing' };
    }
    case 'clear':
      return { event: 'clear' };
    default:
      return { event: 'refused', reason: `"${String(message.event)}" is not media, mark or clear` };
  }
}

function readMedia(media: Record<string, unknown> | undefined): ServerMessage {
  const payload = media?.payload;
  if (typeof payload !== 'string' || payload.length === 0)
    return { event: 'refused', reason: 'media.payload is missing' };
  if (payload.length % 4 !== 0 || !BASE64.test(payload))
    return { event: 'refused', reason: 'media.payload is not base64' };
  const audio = Buffer.from(payload, 'base64');
  if (audio.subarray(0, 4).toString('latin1') === 'RIFF')
    return { event: 'refused', reason: 'media.payload begins with a file header' };
  return { event: 'media', audio };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
