import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../clock/index.js';
import { CallMedia } from '../phone/call-media.js';
import { BYTES_PER_MS, decodeMuLaw, FRAME_BYTES, FRAME_MS } from '../speech/mulaw.js';
import { createSpeech } from '../speech/speech.js';
import { readWav } from '../speech/wav.js';
import { CallRecorder, LONGEST_RECORDING_MS, type FilePart } from './call-recorder.js';
import { followSpeech } from './follow-speech.js';

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

  it('has what was played and not what was sent: late where it was late, and nothing of what was cleared', async () => {
    const [clock, file] = [new FakeClock(), new WrittenFile()];
    const media = new CallMedia(clock);
    const recorder = new CallRecorder(file.write);
    media.onFrame((frame) => recorder.hear(frame));
    const speech = createSpeech();
    const late = await speech.speak('What I say comes in two parts.', 'en', 'assistant');
    const cleared = await speech.speak('Of this you hear only the beginning.', 'en', 'assistant');
    const firstPart = 600 * BYTES_PER_MS;
    media.start();
    media.playout.append(late.subarray(0, firstPart));
    clock.advance(600 + 340);
    media.playout.append(late.subarray(firstPart));
    clock.advance(3_000);
    media.playout.append(cleared);
    clock.advance(500);
    media.playout.clear();
    clock.advance(1_000);
    recorder.close();
    const [, right = new Int16Array()] = readWav(file.bytes).channels;
    const heard = [late, cleared].map((audio) => followSpeech(decodeMuLaw(audio), right));
    expect(heard[0]).toMatchObject({ isWhole: true, missingMs: 0, longestAddedGapMs: 340 });
    expect(heard[1]).toMatchObject({ isWhole: false, longestAddedGapMs: 0 });
    const clearedAfterMs = (heard[1]?.untilMs ?? 0) - (heard[1]?.fromMs ?? 0);
    expect(Math.abs(clearedAfterMs - 500)).toBeLessThanOrEqual(FRAME_MS);
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
