import { isBase64 } from '@tradeline/twilio';
import type { ResponseAudioDeltaEvent } from 'openai/resources/realtime/realtime';

const TYPE = '"type":"response.output_audio.delta"';
const EVENT_ID = '"event_id":"';
const RESPONSE_ID = '"response_id":"';
const ITEM_ID = '"item_id":"';
const OUTPUT_INDEX = '"output_index":';
const CONTENT_INDEX = '"content_index":';
const DELTA = '"delta":"';

const [TYPE_SEEN, EVENT_ID_SEEN, RESPONSE_ID_SEEN, ITEM_ID_SEEN] = [1, 2, 4, 8];
const [OUTPUT_INDEX_SEEN, CONTENT_INDEX_SEEN, DELTA_SEEN, ALL_SEEN] = [16, 32, 64, 127];

const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const ZERO = 0x30;
/** A response has a handful of items, and those a handful of parts. */
const MAX_INDEX_DIGITS = 4;

/** Letters, digits, `_` and `-`: what ids are made of, and nothing that JSON could write in two ways. */
const ID = /[A-Za-z0-9_-]{1,256}"/y;

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
          type: 'response.output_audio.delta',
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

  private member(): number {
    if (this.passes(TYPE)) return TYPE_SEEN;
    if (this.passes(EVENT_ID)) return (this.eventId = this.id()) === '' ? 0 : EVENT_ID_SEEN;
    if (this.passes(RESPONSE_ID)) return (this.responseId = this.id()) === '' ? 0 : RESPONSE_ID_SEEN;
    if (this.passes(ITEM_ID)) return (this.itemId = this.id()) === '' ? 0 : ITEM_ID_SEEN;
    if (this.passes(OUTPUT_INDEX)) return (this.outputIndex = this.index()) < 0 ? 0 : OUTPUT_INDEX_SEEN;
    if (this.passes(CONTENT_INDEX)) return (this.contentIndex = this.index()) < 0 ? 0 : CONTENT_INDEX_SEEN;
    return this.passes(DELTA) && this.audio() ? DELTA_SEEN : 0;
  }

  private passes(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  private id(): string {
    const from = this.at;
    ID.lastIndex = from;
    if (!ID.test(this.text)) return '';
    this.at = ID.lastIndex;
    return this.text.slice(from, this.at - 1);
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
