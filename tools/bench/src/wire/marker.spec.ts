import { describe, expect, it } from '@jest/globals';
import {
  FRAME_BYTES,
  KINDS,
  MARKER_BYTES,
  prebuiltAudio,
  readMarker,
  writeMarker,
  type Marker,
} from './marker.ts';

const blank = (): Marker => ({ kind: KINDS.caller, call: 0, sequence: 0, sentUs: 0 });
const marker: Marker = {
  kind: KINDS.answer,
  call: 65_535,
  sequence: 4_294_967_295,
  sentUs: 281_474_976_710_655,
};

describe('the marker in a frame', () => {
  it('comes back as it was written', () => {
    const audio = prebuiltAudio(3);
    writeMarker(audio, FRAME_BYTES, marker);
    const read = blank();
    expect(readMarker(audio, FRAME_BYTES, read)).toBe(true);
    expect(read).toEqual(marker);
  });

  it('is whole characters of base64, so that the rest of a frame can be prebuilt', () => {
    const frame = prebuiltAudio(1);
    writeMarker(frame, 0, marker);
    expect(frame.toString('base64', 0, MARKER_BYTES) + frame.toString('base64', MARKER_BYTES)).toBe(
      frame.toString('base64'),
    );
  });

  it('is not found in audio without one', () => expect(readMarker(prebuiltAudio(1), 0, blank())).toBe(false));

  it.each(Array.from({ length: MARKER_BYTES }, (_, index) => index))(
    'is not believed when byte %d was damaged',
    (index) => {
      const frame = prebuiltAudio(1);
      writeMarker(frame, 0, marker);
      frame[index] = (frame[index] ?? 0) ^ 0x10;
      expect(readMarker(frame, 0, blank())).toBe(false);
    },
  );

  it('is not read beyond the end', () => {
    const frame = prebuiltAudio(1);
    writeMarker(frame, 0, marker);
    expect(readMarker(frame.subarray(0, MARKER_BYTES - 1), 0, blank())).toBe(false);
  });
});
