import { isBase64 } from './base64.js';
import {
  CLOSING_BRACE,
  COMMA,
  CONTENT_SEEN,
  SEQUENCE_SEEN,
  STREAM_SID_SEEN,
  StreamReader,
} from './stream-reader.js';

/** Seconds of µ-law in one message that no phone network sends; Twilio sends 160 bytes, 20 ms. */
export const MAX_MEDIA_PAYLOAD_CHARS = 8 * 1024;

const OPENING = '{"event":"media",';
const MEDIA = '"media":{';
const TRACK = '"track":"';
const CHUNK = '"chunk":"';
const TIMESTAMP = '"timestamp":"';
const PAYLOAD = '"payload":"';

const [TRACK_SEEN, CHUNK_SEEN, TIMESTAMP_SEEN, PAYLOAD_SEEN, ALL_OF_MEDIA_SEEN] = [1, 2, 4, 8, 15];

/** Reads media messages, fifty a second for each call, without building objects. It is filled anew by every message. */
export class MediaFrame extends StreamReader {
  track: 'inbound' | 'outbound' = 'inbound';
  chunk = 0;
  /** Milliseconds since the stream's start: the media clock. */
  timestampMs = 0;
  /** µ-law, 8 kHz, mono, in base64, exactly as it came. */
  payload = '';
  protected readonly opening = OPENING;

  protected member(raw: string): number {
    switch (raw.charCodeAt(this.at + 2)) {
      case 0x65: // se, and me
        if (raw.startsWith(MEDIA, this.at)) return this.media(raw) ? CONTENT_SEEN : 0;
        return this.readSequence(raw) ? SEQUENCE_SEEN : 0;
      case 0x74: // st
        return this.readStreamSid(raw) ? STREAM_SID_SEEN : 0;
      default:
        return 0;
    }
  }

  private media(raw: string): boolean {
    this.at += MEDIA.length;
    let seen = 0;
    for (;;) {
      const member = this.mediaMember(raw);
      if (member === 0 || (seen & member) !== 0) return false;
      seen |= member;
      const next = raw.charCodeAt(this.at++);
      if (next === CLOSING_BRACE) return seen === ALL_OF_MEDIA_SEEN;
      if (next !== COMMA) return false;
    }
  }

  /** No two members have the same second letter. */
  private mediaMember(raw: string): number {
    switch (raw.charCodeAt(this.at + 2)) {
      case 0x72: // tr
        return raw.startsWith(TRACK, this.at) && this.trackName(raw) ? TRACK_SEEN : 0;
      case 0x68: // ch
        if (!raw.startsWith(CHUNK, this.at) || !this.number(raw, CHUNK.length)) return 0;
        this.chunk = this.digits;
        return CHUNK_SEEN;
      case 0x69: // ti
        if (!raw.startsWith(TIMESTAMP, this.at) || !this.number(raw, TIMESTAMP.length)) return 0;
        this.timestampMs = this.digits;
        return TIMESTAMP_SEEN;
      case 0x61: // pa
        return raw.startsWith(PAYLOAD, this.at) && this.audio(raw) ? PAYLOAD_SEEN : 0;
      default:
        return 0;
    }
  }

  private trackName(raw: string): boolean {
    const from = this.at + TRACK.length;
    if (raw.startsWith('inbound"', from)) this.track = 'inbound';
    else if (raw.startsWith('outbound"', from)) this.track = 'outbound';
    else return false;
    this.at = from + this.track.length + 1;
    return true;
  }

  private audio(raw: string): boolean {
    const from = this.at + PAYLOAD.length;
    const to = raw.indexOf('"', from);
    if (to < 0 || to - from > MAX_MEDIA_PAYLOAD_CHARS) return false;
    const payload = raw.slice(from, to);
    if (!isBase64(payload)) return false;
    this.payload = payload;
    this.at = to + 1;
    return true;
  }
}
