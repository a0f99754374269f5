import { describe, expect, it } from '@jest/globals';
import { decodeMuLaw, FRAME_BYTES } from '../speech/mulaw.js';
import { readWav } from '../speech/wav.js';
import { CallRecorder, LONGEST_RECORDING_MS, type FilePart } from './call-recorder.js';

const frame = (byte: number): Uint8Array => new Uint8Array(FRAME_BYTES).fill(byte);

class WrittenFile {
  bytes = Buffer.alloc(0);
  write = ({ at, bytes }: FilePart): void => {
    const whole = Buffer.alloc(Math.max(this.bytes.length, at + bytes.length));
    this.bytes.copy(whole);
    whole.set(bytes, at);
    this.bytes = whole;
  };
}

describe('the recording of a call', () => {
  it('is stereo of 8 kHz and 16 bits: the caller on the left, what was played to him on the right', () => {
    const file = new WrittenFile();
    const recorder = new CallRecorder(file.write);
    for (let i = 0; i < 120; i += 1) recorder.hear({ fromCaller: frame(0x20), toCaller: frame(0xa5) });
    recorder.close();
    const view = new DataView(file.bytes.buffer, file.bytes.byteOffset);
    expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([
      2, 8_000, 16,
    ]);
    expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([
      file.bytes.length - 8,
      file.bytes.length - 44,
    ]);
    const { channels } = readWav(file.bytes);
    expect(channels.map((samples) => samples.length)).toEqual([120 * 160, 120 * 160]);
    expect(channels.map((samples) => samples[5_000])).toEqual([...decodeMuLaw(Uint8Array.of(0x20, 0xa5))]);
    expect(recorder.durationMs).toBe(2_400);
  });

  it('lays what the caller said beside what was being played meanwhile, and silence where nothing was', () => {
    const file = new WrittenFile();
    const recorder = new CallRecorder(file.write);
    // A frame of the caller's is known at its end, one that is played at its beginning.
    recorder.hear({ fromCaller: frame(0xff), toCaller: frame(0x10) });
    recorder.hear({ fromCaller: frame(0x20), toCaller: undefined });
    recorder.hear({ fromCaller: frame(0xff), toCaller: undefined });
    recorder.close();
    const [left, right] = readWav(file.bytes).channels;
    const audible = (samples: Int16Array | undefined): boolean[] =>
      [0, 160, 320].map((at) => samples?.[at] !== 0);
    expect(audible(left)).toEqual([false, true, false]);
    expect(audible(right)).toEqual([false, true, false]);
  });

  it('can be listened to when the call breaks off', () => {
    const file = new WrittenFile();
    const recorder = new CallRecorder(file.write);
    for (let i = 0; i < 70; i += 1) recorder.hear({ fromCaller: frame(0x20), toCaller: undefined });
    expect(readWav(file.bytes).channels[0]).toHaveLength(50 * 160);
  });

  it('ends when it is long enough, and holds no more than a second at any time', () => {
    let [largest, end] = [0, 0];
    const write = ({ at, bytes }: FilePart): void => {
      largest = Math.max(largest, bytes.length);
      end = Math.max(end, at + bytes.length);
    };
    const recorder = new CallRecorder(write, 5_000);
    for (let i = 0; i < 400; i += 1) recorder.hear({ fromCaller: frame(0xff), toCaller: undefined });
    recorder.close();
    expect(largest).toBe(32_000);
    expect(end).toBe(44 + 5 * 32_000);
    expect(LONGEST_RECORDING_MS).toBe(60 * 60 * 1_000);
  });
});
