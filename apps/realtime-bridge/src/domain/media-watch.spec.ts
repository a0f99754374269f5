import { describe, expect, it } from '@jest/globals';
import { CALLER_SILENT_AFTER_MS, MediaWatch, MODEL_DEAF_AFTER_MS } from './media-watch.js';
import { soundsLikeSpeech } from './speech-energy.js';

const frame = (byte: number): string => Buffer.alloc(160, byte).toString('base64');
const QUIET = frame(0xff);
const LOUD = frame(0x90);
const USUAL_NUDGE_MS = 6_000;

/** Frames at their pace. */
const sends = (watch: MediaWatch, audio: string, fromMs: number, toMs: number): void => {
  for (let atMs = fromMs; atMs < toMs; atMs += 20) watch.frame(audio, atMs);
};

const listening = (nudgeAfterMs = USUAL_NUDGE_MS): MediaWatch => {
  const watch = new MediaWatch(nudgeAfterMs);
  watch.modelLives(0);
  return watch;
};

describe('a frame', () => {
  it.each<[string, number, boolean]>([
    ['digital silence', 0xff, false],
    ['the other silence', 0x7f, false],
    ['line noise, 60 dB down', 0xfa, false],
    ['a quiet voice, 30 dB down', 0xce, true],
    ['a loud voice', 0x90, true],
    ['a loud voice, the other half of the wave', 0x10, true],
  ])('of %s', (_, byte, isSpeech) => {
    expect(soundsLikeSpeech(frame(byte))).toBe(isSpeech);
  });

  it('without sound is none', () => {
    expect(soundsLikeSpeech('')).toBe(false);
  });
});

describe('a phone', () => {
  it('lacks frames when it has sent some and then none for three seconds', () => {
    const watch = listening();
    expect(watch.lacksFrames(60_000)).toBe(false);
    watch.frame(QUIET, 60_000);
    expect(watch.lacksFrames(60_000 + CALLER_SILENT_AFTER_MS - 1)).toBe(false);
    expect(watch.lacksFrames(60_000 + CALLER_SILENT_AFTER_MS)).toBe(true);
    watch.frame(QUIET, 64_000);
    expect(watch.lacksFrames(64_000)).toBe(false);
  });
});

describe('a model that says nothing', () => {
  it.each<[string, (watch: MediaWatch) => void, number, boolean]>([
    ['is deaf to a caller who speaks', (watch) => sends(watch, LOUD, 0, 10_000), MODEL_DEAF_AFTER_MS, true],
    ['may take its time', (watch) => sends(watch, LOUD, 0, 10_000), MODEL_DEAF_AFTER_MS - 1, false],
    ['has nothing to hear', (watch) => sends(watch, QUIET, 0, 20_000), 20_000, false],
    [
      'has heard no more than a cough',
      (watch) => {
        sends(watch, LOUD, 6_000, 7_000);
        sends(watch, QUIET, 7_000, 20_000);
      },
      20_000,
      false,
    ],
    [
      'has spoken meanwhile',
      (watch) => {
        sends(watch, LOUD, 0, 9_900);
        watch.modelLives(9_900);
        sends(watch, LOUD, 9_900, 19_800);
      },
      19_800,
      false,
    ],
    [
      'hears a long story out',
      (watch) => {
        watch.modelSaid({ type: 'caller-started', itemId: 'c1', audioStartMs: 0 }, 0);
        sends(watch, LOUD, 0, 59_900);
      },
      59_900,
      false,
    ],
    [
      'has fallen deaf in the middle of a turn',
      (watch) => {
        watch.modelSaid({ type: 'caller-started', itemId: 'c1', audioStartMs: 0 }, 0);
        sends(watch, LOUD, 0, 60_000);
      },
      60_000,
      true,
    ],
  ])('%s', (_, happens, nowMs, isDeaf) => {
    const watch = listening();
    happens(watch);
    expect(watch.isModelDeaf(nowMs)).toBe(isDeaf);
  });

  it('is not called deaf before it has been asked to break the silence', () => {
    const watch = listening(30_000);
    sends(watch, LOUD, 0, 34_000);
    expect(watch.isModelDeaf(33_999)).toBe(false);
    expect(watch.isModelDeaf(34_000)).toBe(true);
  });

  it('is not suspected before it is there', () => {
    const watch = new MediaWatch(USUAL_NUDGE_MS);
    sends(watch, LOUD, 0, 60_000);
    expect(watch.isModelDeaf(60_000)).toBe(false);
  });
});
