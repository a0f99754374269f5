import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import { CALLER_SILENT_AFTER_MS, MODEL_DEAF_AFTER_MS } from '../domain/media-watch.js';
import { MediaWatchdog, SILENT_FRAME } from './media-watchdog.js';

const frame = (byte: number): string => Buffer.alloc(160, byte).toString('base64');
const LOUD = frame(0x90);

let clock: FakeClock;
let events: string[];
let filled: string[];
let speaking: boolean;
let hasOther: boolean;
let dog: MediaWatchdog;

beforeEach(() => {
  clock = new FakeClock();
  events = [];
  filled = [];
  speaking = false;
  hasOther = true;
  dog = new MediaWatchdog(clock, 6_000, {
    isSpeaking: () => speaking,
    framesMissing: () => events.push('no frames'),
    fill: (audio) => filled.push(audio),
    modelDeaf: () => events.push('deaf'),
    replaceDeaf: () => hasOther && events.push('replaced') > 0,
    giveUpDeaf: () => {
      events.push('given up');
      dog.stop();
    },
  });
  dog.begin();
});

const sends = (audio: string, ms: number): void => {
  for (let at = 0; at < ms; at += 20) {
    dog.frame(audio, clock.nowMs());
    clock.advance(20);
  }
};

describe('a phone that stops sending', () => {
  it('is stood in for by silence at its own pace, until it sends again', () => {
    sends(LOUD, 1_000);
    clock.advance(CALLER_SILENT_AFTER_MS);
    expect(events).toEqual(['no frames']);
    expect(filled).toEqual([]);
    clock.advance(1_000);
    expect(filled).toEqual(Array.from({ length: 50 }, () => SILENT_FRAME));
    dog.frame(LOUD, clock.nowMs());
    clock.advance(1_000);
    expect(filled).toHaveLength(50);
    clock.advance(2_500);
    expect(events).toEqual(['no frames', 'no frames']);
  });

  it('is left alone when it has never sent', () => {
    clock.advance(60_000);
    expect([events, filled]).toEqual([[], []]);
  });

  it('is not stood in for after the call', () => {
    sends(LOUD, 1_000);
    clock.advance(5_000);
    const before = filled.length;
    dog.stop();
    clock.advance(5_000);
    expect(filled).toHaveLength(before);
    expect(clock.waiting).toBe(0);
  });
});

describe('a model that does not hear the caller', () => {
  it('is replaced once; when the next one does not hear him either, the call is given up', () => {
    sends(LOUD, MODEL_DEAF_AFTER_MS + 500);
    expect(events).toEqual(['deaf', 'replaced']);
    sends(LOUD, MODEL_DEAF_AFTER_MS + 500);
    expect(events).toEqual(['deaf', 'replaced', 'deaf', 'given up']);
  });

  it('is replaced again after the next one has heard him', () => {
    sends(LOUD, MODEL_DEAF_AFTER_MS + 500);
    dog.modelSaid({ type: 'caller-started', itemId: 'c1', audioStartMs: 0 });
    dog.modelSaid({ type: 'caller-stopped', itemId: 'c1', audioEndMs: 500 });
    sends(LOUD, MODEL_DEAF_AFTER_MS + 500);
    expect(events).toEqual(['deaf', 'replaced', 'deaf', 'replaced']);
  });

  it('is given up at once where there is no other', () => {
    hasOther = false;
    sends(LOUD, MODEL_DEAF_AFTER_MS + 500);
    expect(events).toEqual(['deaf', 'given up']);
  });

  it('is none while the caller listens to us, whatever comes back on the line', () => {
    speaking = true;
    sends(LOUD, 30_000);
    expect(events).toEqual([]);
  });
});
