import { Arrivals } from '../wire/arrivals.ts';
import type { Delays } from '../wire/delays.ts';
import { FRAME_BYTES, KINDS, readMarker, type Marker } from '../wire/marker.ts';

const AUDIO_KEY = Buffer.from('"audio":"', 'latin1');
const QUOTE = 0x22;

const marker: Marker = { kind: KINDS.caller, call: 0, sequence: 0, sentUs: 0 };
const decoded = Buffer.allocUnsafe(1 << 20);

/** What all sessions of a process count together about what they hear. */
export interface HeardTally {
  readonly fromCallers: Delays;
  unreadable: number;
  appends: number;
  inWindow(atUs: number): boolean;
}

/** Hears one caller: reads the markers in the audio that is appended to a session. */
export class CallerEar {
  /** Known from the caller's first frame. */
  call = -1;
  arrivals: Arrivals | undefined;
  heardMs = 0;
  private readonly tally: HeardTally;

  constructor(tally: HeardTally) {
    this.tally = tally;
  }

  /** An `input_audio_buffer.append`, as it came. */
  hear(payload: Buffer, atUs: number): void {
    const start = payload.indexOf(AUDIO_KEY) + AUDIO_KEY.length;
    const bytes = decoded.write(payload.toString('latin1', start, payload.indexOf(QUOTE, start)), 'base64');
    if (this.tally.inWindow(atUs)) this.tally.appends += 1;
    this.heardMs += bytes / 8;
    for (let offset = 0; offset < bytes; offset += FRAME_BYTES) {
      if (!readMarker(decoded, offset, marker) || marker.kind !== KINDS.caller) this.tally.unreadable += 1;
      else this.take(marker, atUs);
    }
  }

  private take({ call, sequence, sentUs }: Marker, atUs: number): void {
    if (!this.arrivals) {
      this.call = call;
      this.arrivals = new Arrivals(call);
    }
    this.arrivals.take(sequence);
    if (this.tally.inWindow(sentUs)) this.tally.fromCallers.add(atUs - sentUs);
  }
}
