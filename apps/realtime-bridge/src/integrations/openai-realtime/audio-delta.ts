import { isBase64 } from '@tradeline/twilio';
import type { ResponseAudioDeltaEvent } from 'openai/resources/realtime/realtime';

export const AUDIO_DELTA = 'response.output_audio.delta';

const TYPE = `"type":"${AUDIO_DELTA}"`;
const EVENT_ID = '"event_id":"';
const RESPONSE_ID = '"response_id":"';
const ITEM_ID = '"item_id":"';
const OUTPUT_INDEX = '"output_index":';
const CONTENT_INDEX = '"content_index":';
const DELTA = '"delta":"';

const [TYPE_SEEN, EVENT_ID_SEEN, RESPONSE_ID_SEEN, ITEM_ID_SEEN] = [1, 2, 4, 8];
const [OUTPUT_INDEX_SEEN, CONTENT_INDEX_SEEN, DELTA_SEEN, ALL_SEEN] = [16, 32, 64, 127];

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;
/** A response has a handful of items, and those a handful of parts. */
const MAX_INDEX_DIGITS = 4;

/** Letters, digits, `_` and `-`: what ids are made of, and nothing that JSON could write in two ways. */
const isIdChar = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  code === 0x5f ||
  code === 0x2d;

/** Reads the text of one event; a place to keep where it is, so that nothing but the event is made. */
class Reader {
  private text = '';
  private at = 0;
  private eventId = '';
  private responseId = '';
  private itemId = '';
  private outputIndex = 0;
  private contentIndex = 0;
  private delta = '';

  read(text: string): ResponseAudioDeltaEvent | undefined {
    this.text = text;
    const isWhole = this.members();
    const event: ResponseAudioDeltaEvent | undefined = isWhole
      ? {
          type: AUDIO_DELTA,
          event_id: this.eventId,
          response_id: this.responseId,
          item_id: this.itemId,
          output_index: this.outputIndex,
          content_index: this.contentIndex,
          delta: this.delta,
        }
      : undefined;
    // A call's audio is not kept longer than the call wants it.
    this.text = this.delta = '';
    return event;
  }

  private members(): boolean {
    const { text } = this;
    if (text.charCodeAt(0) !== OPENING_BRACE) return false;
    this.at = 1;
    let seen = 0;
    for (;;) {
      const member = this.member();
      // What comes twice counts as what comes last: not worth knowing here.
      if (member === 0 || (seen & member) !== 0) return false;
      seen |= member;
      const next = text.charCodeAt(this.at++);
      if (next === CLOSING_BRACE) return seen === ALL_SEEN && this.at === text.length;
      if (next !== COMMA) return false;
    }
  }

  /** No two members begin alike. */
  private member(): number {
    switch (this.text.charCodeAt(this.at + 1)) {
      case 0x74: // t
        return this.passes(TYPE) ? TYPE_SEEN : 0;
      case 0x65: // e
        return this.passes(EVENT_ID) && (this.eventId = this.id('')) !== '' ? EVENT_ID_SEEN : 0;
      case 0x72: // r
        return this.passes(RESPONSE_ID) && (this.responseId = this.id(this.responseId)) !== ''
          ? RESPONSE_ID_SEEN
          : 0;
      case 0x69: // i
        return this.passes(ITEM_ID) && (this.itemId = this.id(this.itemId)) !== '' ? ITEM_ID_SEEN : 0;
      case 0x6f: // o
        return this.passes(OUTPUT_INDEX) && (this.outputIndex = this.index()) >= 0 ? OUTPUT_INDEX_SEEN : 0;
      case 0x63: // c
        return this.passes(CONTENT_INDEX) && (this.contentIndex = this.index()) >= 0 ? CONTENT_INDEX_SEEN : 0;
      case 0x64: // d
        return this.passes(DELTA) && this.audio() ? DELTA_SEEN : 0;
      default:
        return 0;
    }
  }

  private passes(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** Empty when there is none. The one before mostly comes again; then it is neither looked at nor made again. */
  private id(before: string): string {
    const { text, at: from } = this;
    const known = from + before.length;
    if (known > from && text.startsWith(before, from) && text.charCodeAt(known) === QUOTE) {
      this.at = known + 1;
      return before;
    }
    let at = from;
    while (isIdChar(text.charCodeAt(at))) at += 1;
    if (text.charCodeAt(at) !== QUOTE) return '';
    this.at = at + 1;
    return text.slice(from, at);
  }

  /** Below zero when there is none; JSON allows no zero in front. */
  private index(): number {
    const from = this.at;
    let value = 0;
    for (;;) {
      const digit = this.text.charCodeAt(this.at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      this.at += 1;
    }
    const digits = this.at - from;
    const isPlain = digits === 1 || (digits <= MAX_INDEX_DIGITS && this.text.charCodeAt(from) !== ZERO);
    return digits > 0 && isPlain ? value : -1;
  }

  private audio(): boolean {
    const to = this.text.indexOf('"', this.at);
    if (to < 0) return false;
    this.delta = this.text.slice(this.at, to);
    this.at = to + 1;
    return isBase64(this.delta);
  }
}

const reader = new Reader();

/**
 * Reads a piece of the model's speech by position: the members that the API sends and no others, in any order, without
 * white space or escapes. Undefined for whatever differs; that is left to the general parser, which reads these alike.
 */
export const cutAudioDelta = (text: string): ResponseAudioDeltaEvent | undefined => reader.read(text);
