import { describe, expect, it } from '@jest/globals';
import { PlaybackLedger } from './playback-ledger.js';

const MS = 8;

/** A ledger to which one item of `ms` was given and sent at time 0 in pieces of 60 ms. */
const playing = (ms: number, sentMs = ms): { ledger: PlaybackLedger; marks: string[] } => {
  const ledger = new PlaybackLedger();
  ledger.exists('item', 0, ms * MS);
  const marks: string[] = [];
  for (let at = 0; at < sentMs; at += 60) marks.push(ledger.sent('item', 60 * MS, 0));
  return { ledger, marks };
};

describe('what the caller has heard', () => {
  it('is proved by marks, and by the clock only up to the next mark', () => {
    const { ledger, marks } = playing(240);
    ledger.echoed(marks[0] ?? '', 60);
    expect(ledger.clear(10_000)).toEqual([
      { itemId: 'item', contentIndex: 0, heardMs: 120, existingMs: 240 },
    ]);
  });

  it('counts the part of the piece that plays', () => {
    const { ledger, marks } = playing(240);
    ledger.echoed(marks[0] ?? '', 60);
    expect(ledger.clear(85)).toMatchObject([{ heardMs: 85 }]);
  });

  it('is nothing before the first piece was sent', () => {
    const ledger = new PlaybackLedger();
    ledger.exists('item', 0, 800);
    expect(ledger.clear(500)).toEqual([{ itemId: 'item', contentIndex: 0, heardMs: 0, existingMs: 100 }]);
  });

  it('does not include what a mark echoed by a clear seems to say', () => {
    const { ledger, marks } = playing(240);
    ledger.clear(30);
    expect(marks.map((mark) => ledger.echoed(mark, 31))).toEqual([
      'cleared',
      'cleared',
      'cleared',
      'cleared',
    ]);
    expect(ledger.hasUnheardSpeech).toBe(false);
  });

  it('is never more than the audio that exists', () => {
    const ledger = new PlaybackLedger();
    ledger.exists('item', 0, 100);
    ledger.sent('item', 100, 0);
    const [cut] = ledger.clear(99_999);
    expect(cut?.heardMs).toBe(12);
    expect(cut?.existingMs).toBe(12);
  });

  it('is told for each of two items by itself', () => {
    const ledger = new PlaybackLedger();
    ledger.exists('first', 0, 60 * MS);
    ledger.exists('second', 1, 60 * MS);
    ledger.whole('first');
    const mark = ledger.sent('first', 60 * MS, 0);
    ledger.sent('second', 60 * MS, 0);
    ledger.echoed(mark, 60);
    expect(ledger.heardWhole('first')).toBe(true);
    expect(ledger.clear(80)).toEqual([{ itemId: 'second', contentIndex: 1, heardMs: 20, existingMs: 60 }]);
  });

  it('includes all pieces before the one whose mark came back', () => {
    const { ledger, marks } = playing(180);
    ledger.whole('item');
    ledger.echoed(marks[2] ?? '', 180);
    expect(ledger.heardWhole('item')).toBe(true);
  });

  it('is cut also in an item that the model has not finished', () => {
    const { ledger, marks } = playing(60);
    ledger.echoed(marks[0] ?? '', 60);
    expect(ledger.clear(100)).toEqual([{ itemId: 'item', contentIndex: 0, heardMs: 60, existingMs: 60 }]);
  });

  it('does not grow by audio of an item that was cut', () => {
    const { ledger } = playing(60);
    ledger.clear(10);
    expect(ledger.exists('item', 0, 480)).toBe(false);
    expect(ledger.hasUnheardSpeech).toBe(false);
  });

  it('is not told by marks that are not ours', () => {
    const { ledger } = playing(60);
    expect(['', 'g1.99', 'g7.1', 'nonsense'].map((mark) => ledger.echoed(mark, 60))).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  it('lies behind what was sent by less and less', () => {
    const { ledger, marks } = playing(240);
    expect(ledger.aheadMs(0)).toBe(240);
    expect(ledger.aheadMs(100)).toBe(140);
    ledger.echoed(marks[1] ?? '', 125);
    expect(ledger.aheadMs(125)).toBe(120);
  });

  it('is not counted twice when playback is paused in a piece and goes on from its beginning', () => {
    const { ledger, marks } = playing(240);
    ledger.whole('item');
    ledger.echoed(marks[0] ?? '', 60);
    ledger.pause(85);
    expect(ledger.progressOf('item', 500)).toEqual({ heardMs: 85, existingMs: 240, whole: true });
    ledger.resume();
    const again = [1, 2, 3].map(() => ledger.sent('item', 60 * MS, 600));
    expect(ledger.progressOf('item', 600)).toMatchObject({ heardMs: 60 });
    ledger.echoed(again[2] ?? '', 780);
    expect(ledger.heardWhole('item')).toBe(true);
  });

  it('is what had been heard when playback was paused, if it is then stopped for good', () => {
    const { ledger, marks } = playing(240);
    ledger.echoed(marks[0] ?? '', 60);
    ledger.pause(85);
    expect(ledger.echoed(marks[1] ?? '', 90)).toBe('cleared');
    expect(ledger.exists('item', 0, 60 * MS)).toBe(true);
    expect(ledger.clear(5_000)).toMatchObject([{ heardMs: 85, existingMs: 300 }]);
  });

  it('is nothing of an item that was refused', () => {
    const ledger = new PlaybackLedger();
    expect([ledger.refuse('item'), ledger.refuse('item'), ledger.exists('item', 0, 480)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('holds in 2,000 random interleavings against a plain count', () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 2_000; round++) {
      const ledger = new PlaybackLedger();
      const outstanding: string[] = [];
      const exists = new Map<string, number>();
      const proved = new Map<string, number>();
      let nowMs = 0;
      for (let step = 0; step < 30; step++) {
        nowMs += random(40);
        const itemId = `i${random(3)}`;
        const choice = random(4);
        if (choice < 2 && ledger.exists(itemId, 0, 480)) {
          exists.set(itemId, (exists.get(itemId) ?? 0) + 60);
          outstanding.push(`${ledger.sent(itemId, 480, nowMs)} ${itemId}`);
        } else if (choice === 2 && outstanding.length > 0) {
          const [mark = '', owner = ''] = (outstanding.shift() ?? '').split(' ');
          expect(ledger.echoed(mark, nowMs)).toBe('played');
          proved.set(owner, (proved.get(owner) ?? 0) + 60);
        } else if (choice === 3 && random(6) === 0) {
          for (const cut of ledger.clear(nowMs)) {
            expect(cut.heardMs).toBeGreaterThanOrEqual(proved.get(cut.itemId) ?? 0);
            expect(cut.heardMs).toBeLessThanOrEqual(
              Math.min(cut.existingMs, (proved.get(cut.itemId) ?? 0) + 60),
            );
            expect(cut.existingMs).toBe(exists.get(cut.itemId));
          }
          outstanding.length = 0;
        }
      }
    }
  });
});
