import { describe, expect, it } from '@jest/globals';
import { encodeMuLaw, FRAME_BYTES, joinAudio, muLawSilence } from '../../speech/mulaw.js';
import { VoiceActivity, type VoiceActivityChange } from './voice-activity.js';

const SETTINGS = { threshold: 0.5, silenceDurationMs: 450 };

const tone = (durationMs: number, amplitude: number): Uint8Array =>
  encodeMuLaw(Int16Array.from({ length: durationMs * 8 }, (_, i) => amplitude * Math.sin(i / 4)));

function hear(detector: VoiceActivity, ...parts: Uint8Array[]): VoiceActivityChange[] {
  const audio = joinAudio(...parts);
  const changes: VoiceActivityChange[] = [];
  for (let at = 0; at < audio.length; at += FRAME_BYTES) {
    const change = detector.hear(audio, at, Math.min(audio.length, at + FRAME_BYTES));
    if (change) changes.push(change);
  }
  return changes;
}

describe('VoiceActivity', () => {
  it('dates the start at the first loud frame and the stop at the end of the silence', () => {
    const changes = hear(
      new VoiceActivity(SETTINGS),
      muLawSilence(1_000),
      tone(600, 5_000),
      muLawSilence(1_000),
    );
    expect(changes).toEqual([
      { kind: 'started', atMs: 1_000, sinceMs: 60 },
      { kind: 'stopped', atMs: 1_000 + 600 + 460 },
    ]);
  });

  it('bridges a pause shorter than the silence that ends a turn', () => {
    const changes = hear(
      new VoiceActivity(SETTINGS),
      tone(400, 5_000),
      muLawSilence(440),
      tone(400, 5_000),
      muLawSilence(600),
    );
    expect(changes.map((change) => change.kind)).toEqual(['started', 'stopped']);
  });

  it('honours a longer silence', () => {
    expect(
      hear(new VoiceActivity({ ...SETTINGS, silenceDurationMs: 900 }), tone(400, 5_000), muLawSilence(880)),
    ).toHaveLength(1);
  });

  it('is not woken by a click', () => {
    expect(hear(new VoiceActivity(SETTINGS), muLawSilence(200), tone(40, 9_000), muLawSilence(500))).toEqual(
      [],
    );
  });

  it('wants louder speech at a higher threshold', () => {
    const quiet = tone(600, 900);
    expect(hear(new VoiceActivity(SETTINGS), quiet)).toHaveLength(1);
    expect(hear(new VoiceActivity({ ...SETTINGS, threshold: 0.9 }), quiet)).toHaveLength(0);
  });

  it('stands still while no audio arrives', () => {
    const detector = new VoiceActivity(SETTINGS);
    expect(hear(detector, tone(400, 5_000))).toHaveLength(1);
    expect(detector.speaking).toBe(true);
    expect(hear(detector, muLawSilence(460))).toHaveLength(1);
  });
});
