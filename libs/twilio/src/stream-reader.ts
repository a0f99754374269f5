/** Call and stream ids have 34 characters; nothing that names something is longer than this. */
export const MAX_NAME_CHARS = 256;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;
const DOT = 0x2e;
/** More digits than this are beyond what a number holds exactly. */
const MAX_DIGITS = 15;

/** What a message has besides its `event`. */
export const [SEQUENCE_SEEN, STREAM_SID_SEEN, CONTENT_SEEN] = [1, 2, 4];
const ALL_SEEN = 7;

const SEQUENCE = '"sequenceNumber":"';
const STREAM_SID = '"streamSid":"';

/** Letters, digits, `_` and `-`: what ids are made of, and nothing that JSON could write in two ways. */
const isIdChar = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  code === 0x5f ||
  code === 0x2d;

/**
 * Walks through a message by position. It knows the text that Twilio writes: no white space, no escapes, `event` first, numbers
 * in strings, no members but its own, in any order. Whatever differs is not judged by its readers but left to the general
 * parser, so that all together accept and refuse exactly what that parser alone does.
 */
export abstract class StreamReader {
  /** How the message begins. */
  protected abstract readonly opening: string;
  sequence = 0;
  streamSid = '';
  protected at = 0;
  protected digits = 0;

  /** True when the message is one as Twilio writes it, and the fields are its. Otherwise the fields mean nothing. */
  read(raw: string): boolean {
    if (!raw.startsWith(this.opening)) return false;
    this.at = this.opening.length;
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

  /** Reads the member that begins here; 0 when it is none of the message's. */
  protected abstract member(raw: string): number;

  protected readSequence(raw: string): boolean {
    if (!raw.startsWith(SEQUENCE, this.at) || !this.number(raw, SEQUENCE.length)) return false;
    this.sequence = this.digits;
    return true;
  }

  protected readStreamSid(raw: string): boolean {
    if (!raw.startsWith(STREAM_SID, this.at)) return false;
    const from = this.at + STREAM_SID.length;
    // All messages of a stream carry the same one: known again, it is neither looked at nor made again.
    const known = from + this.streamSid.length;
    if (known > from && raw.startsWith(this.streamSid, from) && raw.charCodeAt(known) === QUOTE) {
      this.at = known + 1;
      return true;
    }
    const sid = this.name(raw, from);
    if (sid !== '') this.streamSid = sid;
    return sid !== '';
  }

  protected number(raw: string, keyChars: number): boolean {
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

  /** Reads up to the closing quote; empty when there is none or the text is more than a plain name. */
  protected name(raw: string, from: number): string {
    let at = from;
    for (let code = raw.charCodeAt(at); isIdChar(code) || code === DOT; code = raw.charCodeAt(at)) at += 1;
    if (at === from || at - from > MAX_NAME_CHARS || raw.charCodeAt(at) !== QUOTE) return '';
    this.at = at + 1;
    return raw.slice(from, at);
  }
}
