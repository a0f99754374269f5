import {
  CLOSING_BRACE,
  CONTENT_SEEN,
  SEQUENCE_SEEN,
  STREAM_SID_SEEN,
  StreamReader,
} from './stream-reader.js';

const OPENING = '{"event":"mark",';
const MARK = '"mark":{"name":"';

/** Reads the marks that come back, some twenty a second for each call that speaks. It is filled anew by every message. */
export class MarkFrame extends StreamReader {
  markName = '';
  protected readonly opening = OPENING;

  protected member(raw: string): number {
    switch (raw.charCodeAt(this.at + 2)) {
      case 0x65: // se
        return this.readSequence(raw) ? SEQUENCE_SEEN : 0;
      case 0x74: // st
        return this.readStreamSid(raw) ? STREAM_SID_SEEN : 0;
      case 0x61: // ma
        return this.mark(raw) ? CONTENT_SEEN : 0;
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
