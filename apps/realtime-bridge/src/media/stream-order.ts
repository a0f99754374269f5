import type { ParsedStreamMessage, StreamMedia, StreamMessage } from '@tradeline/twilio';

/** Twilio may add events; this many of them in one call is not Twilio. */
export const MAX_UNKNOWN_EVENTS = 50;

export type StreamStep =
  | { readonly kind: 'message'; readonly message: StreamMessage }
  | { readonly kind: 'ignored'; readonly unknown: boolean }
  /** The stream broke the protocol; the word is stable and quotes nothing of the message. */
  | { readonly kind: 'fault'; readonly fault: string };

type NumberedMedia = Pick<StreamMedia, 'streamSid' | 'sequence' | 'track'>;

const IGNORED: StreamStep = { kind: 'ignored', unknown: false };
const fault = (word: string): StreamStep => ({ kind: 'fault', fault: `stream_${word}` });

/**
 * Holds a media stream to its protocol: connected, one start, then numbered messages of that stream until stop. Each way
 * of breaking it has a name. Fed by: the codec. Feeds: the call.
 */
export class StreamOrder {
  private phase: 'new' | 'connected' | 'started' | 'stopped' = 'new';
  private streamSid = '';
  private lastSequence = 0;
  private unknownEvents = 0;

  accept(parsed: ParsedStreamMessage): StreamStep {
    if (this.phase === 'stopped') return IGNORED;
    switch (parsed.event) {
      case 'malformed':
        return fault(parsed.fault);
      case 'unknown':
        this.unknownEvents += 1;
        return this.unknownEvents > MAX_UNKNOWN_EVENTS
          ? fault('unknown_events')
          : { kind: 'ignored', unknown: true };
      case 'connected':
        if (this.phase !== 'new') return fault('second_connected');
        this.phase = 'connected';
        return { kind: 'message', message: parsed };
      case 'start':
        return this.start(parsed);
      default:
        return this.inStream(parsed);
    }
  }

  /** The same for media alone: undefined lets it pass. Fifty frames a second pass for each call, so nothing is made of them. */
  acceptMedia({ streamSid, sequence, track }: NumberedMedia): StreamStep | undefined {
    if (this.phase === 'stopped') return IGNORED;
    const misplaced = this.misplaced('media', streamSid, sequence);
    if (misplaced) return misplaced;
    return track === 'inbound' ? undefined : IGNORED;
  }

  private start(message: StreamMessage & { event: 'start' }): StreamStep {
    if (this.phase === 'started') return fault('second_start');
    const { encoding, sampleRate, channels } = message.mediaFormat;
    if (encoding !== 'audio/x-mulaw' || sampleRate !== 8000 || channels !== 1) return fault('wrong_format');
    this.phase = 'started';
    this.streamSid = message.streamSid;
    this.lastSequence = message.sequence;
    return { kind: 'message', message };
  }

  private inStream(message: Exclude<StreamMessage, { event: 'start' | 'connected' }>): StreamStep {
    if (message.event === 'media') return this.acceptMedia(message) ?? { kind: 'message', message };
    const misplaced = this.misplaced(message.event, message.streamSid, message.sequence);
    if (misplaced) return misplaced;
    if (message.event === 'stop') this.phase = 'stopped';
    return { kind: 'message', message };
  }

  private misplaced(event: string, streamSid: string, sequence: number): StreamStep | undefined {
    if (this.phase !== 'started') return fault(`${event}_before_start`);
    if (streamSid !== this.streamSid) return fault('wrong_stream_sid');
    // One count runs over all events; a repeated or a lower number means that messages were replayed or shuffled.
    if (sequence <= this.lastSequence) return fault('bad_sequence');
    this.lastSequence = sequence;
    return undefined;
  }
}
