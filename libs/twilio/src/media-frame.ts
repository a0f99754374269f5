import { isBase64 } from './base64.js';

/** Seconds of µ-law in one message that no phone network sends; Twilio sends 160 bytes, 20 ms. */
export const MAX_MEDIA_PAYLOAD_CHARS = 8 * 1024;

/** Call and stream ids have 34 characters; nothing that names something is longer than this. */
export const MAX_NAME_CHARS = 256;

const OPENING = '{"event":"media",';
const SEQUENCE = '"sequenceNumber":"';
const STREAM_SID = '"streamSid":"';
const MEDIA = '"media":{';
const TRACK = '"track":"';
const CHUNK = '"chunk":"';
const TIMESTAMP = '"timestamp":"';
const PAYLOAD = '"payload":"';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;
/** More digits than this are beyond what a number holds exactly. */
const MAX_DIGITS = 15;

const [SEQUENCE_SEEN, STREAM_SID_SEEN, MEDIA_SEEN, ALL_SEEN] = [1, 2, 4, 7];
const [TRACK_SEEN, CHUNK_SEEN, TIMESTAMP_SEEN, PAYLOAD_SEEN, ALL_OF_MEDIA_SEEN] = [1, 2, 4, 8, 15];

/** Letters, digits, `_` and `-`: what ids are made of, and nothing that JSON could write in two ways. */
const isIdChar = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  code === 0x5f ||
  code === 0x2d;

/**
 * Reads media messages by position, fifty a second for each call, without building objects. It knows the text that Twilio
 * writes: no white space, no escapes, `event` first, numbers in strings, no members but its own, in any order. Whatever
 * differs is not judged here but left to the general parser, so that both together accept and refuse exactly what that
 * parser alone does. The object is filled anew by every message.
 */
export class MediaFrame {
  sequence = 0;
  streamSid = '';
  track: 'inbound' | 'outbound' = 'inbound';
  chunk = 0;
  /** Milliseconds since the stream's start: the media clock. */
  timestampMs = 0;
  /** µ-law, 8 kHz, mono, in base64, exactly as it came. */
  payload = '';
  private at = 0;
  private digits = 0;

  /** True when the message is media as Twilio writes it, and the fields are its. Otherwise the fields mean nothing. */
  read(raw: string): boolean {
    if (!raw.startsWith(OPENING)) return false;
    this.at = OPENING.length;
    let seen = 0;
    for (;;) {
      const member = this.member(raw);
      // What comes twice counts as what comes last: not worth knowing here.
      if (member === 0 || (seen & member) !== 0) return false;
      seen |= member;
      const next = raw.charCodeAt(this.at++);
      if (next === CLOSING_BRACE) return seen === ALL_SEEN && this.at === raw.length;
      if (next !== COMMA) return false;
    }
  }

  private member(raw: string): number {
    switch (raw.charCodeAt(this.at + 2)) {
      case 0x65: // se, and me
        if (raw.startsWith(MEDIA, this.at)) return this.media(raw) ? MEDIA_SEEN : 0;
        if (!raw.startsWith(SEQUENCE, this.at) || !this.number(raw, SEQUENCE.length)) return 0;
        this.sequence = this.digits;
        return SEQUENCE_SEEN;
      case 0x74: // st
        return raw.startsWith(STREAM_SID, this.at) && this.sid(raw) ? STREAM_SID_SEEN : 0;
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

  private number(raw: string, keyChars: number): boolean {
    const from = this.at + keyChars;
    let at = from;
    let value = 0;
    for (;;) {
      const digit = raw.charCodeAt(at) - ZERO;
      // Beyond the text's end the code is NaN, which is no digit either.
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at += 1;
    }
    if (at === from || at - from > MAX_DIGITS || raw.charCodeAt(at) !== QUOTE) return false;
    this.digits = value;
    this.at = at + 1;
    return true;
  }

  private sid(raw: string): boolean {
    const from = this.at + STREAM_SID.length;
    // All frames of a stream carry the same one: known again, it is neither looked at nor made again.
    const known = from + this.streamSid.length;
    if (known > from && raw.startsWith(this.streamSid, from) && raw.charCodeAt(known) === QUOTE) {
      this.at = known + 1;
      return true;
    }
    let at = from;
    while (isIdChar(raw.charCodeAt(at))) at += 1;
    if (at === from || at - from > MAX_NAME_CHARS || raw.charCodeAt(at) !== QUOTE) return false;
    this.streamSid = raw.slice(from, at);
    this.at = at + 1;
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
