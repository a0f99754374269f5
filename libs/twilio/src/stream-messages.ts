/**
 * The messages of a bidirectional media stream. Twilio writes every number as a string.
 * Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */

import { isBase64 } from './base64.js';
import { MarkFrame } from './mark-frame.js';
import { MAX_MEDIA_PAYLOAD_CHARS, MediaFrame } from './media-frame.js';
import { MAX_NAME_CHARS } from './stream-reader.js';

/** Twilio's media messages are some 350 characters and its `start` some 600; whatever is far longer is not Twilio's. */
export const MAX_STREAM_MESSAGE_CHARS = 16 * 1024;

export interface StreamStart {
  readonly event: 'start';
  readonly sequence: number;
  readonly streamSid: string;
  readonly accountSid: string;
  readonly callSid: string;
  readonly tracks: readonly string[];
  readonly customParameters: Readonly<Record<string, string>>;
  readonly mediaFormat: { readonly encoding: string; readonly sampleRate: number; readonly channels: number };
}

export interface StreamMedia {
  readonly event: 'media';
  readonly sequence: number;
  readonly streamSid: string;
  readonly track: string;
  readonly chunk: number;
  /** Milliseconds since the stream's start: the media clock. */
  readonly timestampMs: number;
  /** µ-law, 8 kHz, mono, in base64, exactly as it came. */
  readonly payload: string;
}

export interface StreamStop {
  readonly event: 'stop';
  readonly sequence: number;
  readonly streamSid: string;
  readonly accountSid: string;
  readonly callSid: string;
}

/** What Twilio says to us. */
export type StreamMessage =
  | { readonly event: 'connected'; readonly protocol: string; readonly version: string }
  | StreamStart
  | StreamMedia
  | { readonly event: 'mark'; readonly sequence: number; readonly streamSid: string; readonly name: string }
  | { readonly event: 'dtmf'; readonly sequence: number; readonly streamSid: string; readonly digit: string }
  | StreamStop;

export type StreamFault =
  | 'too_large'
  | 'not_text'
  | 'not_json'
  | 'not_an_object'
  | 'no_event'
  | 'missing_field'
  | 'bad_number'
  | 'bad_payload'
  | 'bad_field';

/** A message that breaks the protocol. `detail` names the field and never quotes its content. */
export interface MalformedStreamMessage {
  readonly event: 'malformed';
  readonly fault: StreamFault;
  readonly detail: string;
}

/** An event that this version of the protocol does not know: Twilio adds such without notice, so it breaks nothing. */
export interface UnknownStreamMessage {
  readonly event: 'unknown';
  readonly name: string;
}

export type ParsedStreamMessage = StreamMessage | UnknownStreamMessage | MalformedStreamMessage;

type Fields = Readonly<Record<string, unknown>>;

class Malformed extends Error {
  constructor(
    readonly fault: StreamFault,
    readonly detail: string,
  ) {
    super(detail);
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const object = (fields: Fields, key: string): Fields => {
  const value = fields[key];
  if (isFields(value)) return value;
  throw new Malformed(value === undefined ? 'missing_field' : 'bad_field', key);
};

const string = (fields: Fields, key: string, maxChars: number = MAX_NAME_CHARS): string => {
  const value = fields[key];
  if (typeof value === 'string' && value.length > 0 && value.length <= maxChars) return value;
  throw new Malformed(value === undefined || value === '' ? 'missing_field' : 'bad_field', key);
};

const optionalString = (fields: Fields, key: string): string =>
  fields[key] === undefined ? '' : string(fields, key);

const DIGITS = /^\d{1,15}$/;

/** Twilio sends digits in a string; a peer that sends the number itself means the same. */
const number = (fields: Fields, key: string): number => {
  const value = fields[key];
  if (typeof value === 'string' && DIGITS.test(value)) return Number(value);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Malformed(value === undefined ? 'missing_field' : 'bad_number', key);
};

const payload = (fields: Fields): string => {
  const value = fields['payload'];
  if (value === undefined) throw new Malformed('missing_field', 'payload');
  if (typeof value !== 'string' || value.length > MAX_MEDIA_PAYLOAD_CHARS)
    throw new Malformed('bad_payload', 'payload');
  if (!isBase64(value)) throw new Malformed('bad_payload', 'payload');
  return value;
};

const readMedia = (fields: Fields): StreamMedia => {
  const media = object(fields, 'media');
  return {
    event: 'media',
    sequence: number(fields, 'sequenceNumber'),
    streamSid: string(fields, 'streamSid'),
    track: string(media, 'track'),
    chunk: number(media, 'chunk'),
    timestampMs: number(media, 'timestamp'),
    payload: payload(media),
  };
};

const readStart = (fields: Fields): StreamStart => {
  const start = object(fields, 'start');
  const format = object(start, 'mediaFormat');
  const tracks = start['tracks'];
  if (!Array.isArray(tracks))
    throw new Malformed(tracks === undefined ? 'missing_field' : 'bad_field', 'tracks');
  const parameters = start['customParameters'] === undefined ? {} : object(start, 'customParameters');
  const customParameters: Record<string, string> = {};
  for (const [key, value] of Object.entries(parameters)) {
    if (typeof value !== 'string') throw new Malformed('bad_field', 'customParameters');
    customParameters[key] = value;
  }
  return {
    event: 'start',
    sequence: number(fields, 'sequenceNumber'),
    streamSid: string(start, 'streamSid'),
    accountSid: string(start, 'accountSid'),
    callSid: string(start, 'callSid'),
    tracks: tracks.filter((track) => typeof track === 'string'),
    customParameters,
    mediaFormat: {
      encoding: string(format, 'encoding'),
      sampleRate: number(format, 'sampleRate'),
      channels: number(format, 'channels'),
    },
  };
};

const readStop = (fields: Fields): StreamStop => {
  const stop = object(fields, 'stop');
  return {
    event: 'stop',
    sequence: number(fields, 'sequenceNumber'),
    streamSid: string(fields, 'streamSid'),
    accountSid: optionalString(stop, 'accountSid'),
    callSid: string(stop, 'callSid'),
  };
};

const read = (fields: Fields): ParsedStreamMessage => {
  const event = fields['event'];
  if (typeof event !== 'string' || event === '') throw new Malformed('no_event', 'event');
  switch (event) {
    case 'media':
      return readMedia(fields);
    case 'mark':
      return {
        event,
        sequence: number(fields, 'sequenceNumber'),
        streamSid: string(fields, 'streamSid'),
        name: string(object(fields, 'mark'), 'name'),
      };
    case 'dtmf':
      return {
        event,
        sequence: number(fields, 'sequenceNumber'),
        streamSid: string(fields, 'streamSid'),
        digit: string(object(fields, 'dtmf'), 'digit', 1),
      };
    case 'start':
      return readStart(fields);
    case 'stop':
      return readStop(fields);
    case 'connected':
      return {
        event,
        protocol: optionalString(fields, 'protocol'),
        version: optionalString(fields, 'version'),
      };
    default:
      return { event: 'unknown', name: event.slice(0, 64) };
  }
};

/** Filled and read within one call of the parser. */
const frame = new MediaFrame();
const markFrame = new MarkFrame();

/**
 * Reads one message of Twilio's. Never throws: what breaks the protocol comes back as `malformed`, so that one
 * broken stream ends with a named cause and no other call notices. Payloads are checked, not decoded.
 *
 * @param raw the text of the frame; undefined for a binary frame, which the protocol does not have
 */
export const parseStreamMessage = (raw: string | undefined): ParsedStreamMessage => {
  if (raw === undefined) return parseAnyStreamMessage(raw);
  if (!frame.read(raw)) return parseMark(raw) ?? parseAnyStreamMessage(raw);
  const { sequence, streamSid, track, chunk, timestampMs, payload } = frame;
  return { event: 'media', sequence, streamSid, track, chunk, timestampMs, payload };
};

const parseMark = (raw: string): ParsedStreamMessage | undefined => {
  if (!markFrame.read(raw)) return undefined;
  const { sequence, streamSid, markName } = markFrame;
  return { event: 'mark', sequence, streamSid, name: markName };
};

/** The same for messages of every layout, and the judge of those that break the protocol. */
export const parseAnyStreamMessage = (raw: string | undefined): ParsedStreamMessage => {
  if (raw === undefined) return { event: 'malformed', fault: 'not_text', detail: 'frame' };
  if (raw.length > MAX_STREAM_MESSAGE_CHARS)
    return { event: 'malformed', fault: 'too_large', detail: 'message' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    return { event: 'malformed', fault: 'not_json', detail: 'message' };
  }
  if (!isFields(parsed)) return { event: 'malformed', fault: 'not_an_object', detail: 'message' };
  try {
    return read(parsed);
  } catch (error) {
    if (error instanceof Malformed) return { event: 'malformed', fault: error.fault, detail: error.detail };
    throw error;
  }
};

/** What we say to Twilio. Anything else ends the stream with Twilio's error 31924. */
export type StreamCommand =
  | { readonly event: 'media'; readonly streamSid: string; readonly payload: string }
  | { readonly event: 'mark'; readonly streamSid: string; readonly name: string }
  | { readonly event: 'clear'; readonly streamSid: string };

/** Writes the commands of one stream: what is the same in all of them is written once. */
export class StreamCommands {
  private readonly beforePayload: string;
  private readonly beforeName: string;
  private readonly clearing: string;

  constructor(streamSid: string) {
    const sid = JSON.stringify(streamSid);
    this.beforePayload = `{"event":"media","streamSid":${sid},"media":{"payload":"`;
    this.beforeName = `{"event":"mark","streamSid":${sid},"mark":{"name":`;
    this.clearing = `{"event":"clear","streamSid":${sid}}`;
  }

  /** Audio to play: µ-law 8 kHz in base64, of any length. The payload must have been found to be base64: it is not escaped. */
  media(payload: string): string {
    return `${this.beforePayload}${payload}"}}`;
  }

  /** Asks Twilio to answer with the same name once all audio sent before has played, or was cleared. */
  mark(name: string): string {
    return `${this.beforeName}${JSON.stringify(name)}}}`;
  }

  /** Empties Twilio's buffer; outstanding marks come back at once. */
  clear(): string {
    return this.clearing;
  }
}

/** A single command, for whoever plays with the protocol; a stream keeps its `StreamCommands`. */
export const encodeMedia = (streamSid: string, payload: string): string =>
  new StreamCommands(streamSid).media(payload);
export const encodeMark = (streamSid: string, name: string): string =>
  new StreamCommands(streamSid).mark(name);
export const encodeClear = (streamSid: string): string => new StreamCommands(streamSid).clear();
