import { CLOSING_BRACE, COMMA, StreamReader } from './stream-reader.js';

const OPENING = '{"event":"mark",';
const MARK = '"mark":{"name":"';

const [SEQUENCE_SEEN, STREAM_SID_SEEN, MARK_SEEN, ALL_SEEN] = [1, 2, 4, 7];

/** Reads the marks that come back, some twenty a second for each call that speaks. It is filled anew by every message. */
export class MarkFrame extends StreamReader {
  markName = '';

  /** True when the message is a mark as Twilio writes it, and the fields are its. Otherwise the fields mean nothing. */
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
      case 0x65: // se
        return this.readSequence(raw) ? SEQUENCE_SEEN : 0;
      case 0x74: // st
        return this.readStreamSid(raw) ? STREAM_SID_SEEN : 0;
      case 0x61: // ma
        return this.mark(raw) ? MARK_SEEN : 0;
      default:
        return 0;
    }
  }

  private mark(raw: string): boolean {
    if (!raw.startsWith(MARK, this.at)) return false;
    this.markName = this.name(raw, this.at + MARK.length);
    return this.markName !== '' && raw.charCodeAt(this.at++) === CLOSING_BRACE;
  }
}
