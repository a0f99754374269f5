import { describe, expect, it } from '@jest/globals';
import { SnapshotOvertaken, type StoredSnapshot } from '@tradeline/messaging';
import { FakeClock } from '@tradeline/testing';
import {
  type ConversationSnapshot,
  type KeptUtterance,
  latestWithinBound,
  type PenTaken,
  type SnapshotPen,
} from '../../domain/conversation-snapshots.js';
import { LOOK_WITHIN_MS, SealedSnapshots } from './sealed-snapshots.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.js';
import { SnapshotSeal } from './snapshot-seal.js';

const utterance = (seq: number, text = `sentence ${seq}`): KeptUtterance => ({
  seq,
  speaker: seq % 2 === 0 ? 'caller' : 'assistant',
  text,
  language: 'en-CA',
  startedAtMs: seq * 1_000,
  endedAtMs: seq * 1_000 + 500,
  interrupted: false,
});

const snapshot = (
  lastUtteranceSeq: number,
  change: Partial<ConversationSnapshot> = {},
): ConversationSnapshot => ({
  tenantId: 'tn_1',
  callId: 'ca_1',
  phase: 'live',
  takeovers: 0,
  language: 'fr-CA',
  fields: [{ name: 'caller_name', value: 'Marie', readBack: true, utteranceSeq: 2 }],
  lastUtteranceSeq,
  utterances: Array.from({ length: lastUtteranceSeq }, (_, i) => utterance(i + 1)),
  callerSpoke: true,
  said: { started: true, utterancesUpTo: 1 },
  figures: {
    reservedAt: 1_700_000_000_000,
    streamStartedAt: 1_700_000_000_400,
    modelReadyAt: undefined,
    handshakeMs: 200,
    modelConnectMs: 150,
    greetingMs: 80,
    talkTimeMs: 900,
    turns: [{ turn: 1, firstByteMs: 300, heardGapMs: 0 }],
    messagesIn: 10,
    messagesOut: 20,
    silenceNudges: 1,
    bargeIns: 2,
    truncations: 3,
    falseInterruptions: 4,
    overlapMs: 1_250,
    modelErrors: 1,
  },
  ...change,
});

const seal = new SnapshotSeal('a secret that bridges share');

/** A bucket as the bus has it: each write has a number, and may depend on the one before. */
class Bucket {
  readonly writes: ConversationSnapshot[] = [];
  /** Acknowledgements that are lost on their way although the write was done. */
  losesAcks = 0;
  isAway = false;
  answersAfter: Promise<void> = Promise.resolve();
  private latest: StoredSnapshot | undefined;

  async get(): Promise<StoredSnapshot | undefined> {
    await this.answersAfter;
    if (this.isAway) throw new Error('the bus is away');
    return this.latest;
  }

  put(id: string, bytes: Uint8Array, revision?: number): Promise<number> {
    const found = decodeSnapshot(seal.open(id, bytes))?.snapshot;
    if (found) this.writes.push(found);
    return this.write(bytes, revision);
  }

  async delete(_: string, revision?: number): Promise<void> {
    await this.write(undefined, revision);
  }

  get isEmpty(): boolean {
    return this.latest?.bytes === undefined;
  }

  private async write(bytes: Uint8Array | undefined, revision: number | undefined): Promise<number> {
    await Promise.resolve();
    if (this.isAway) throw new Error('the bus is away');
    const last = this.latest?.revision ?? 0;
    if (revision !== undefined && revision !== last) throw new SnapshotOvertaken('somebody else');
    this.latest = { bytes, revision: last + 1 };
    if (this.losesAcks-- > 0) throw new Error('no acknowledgement');
    return last + 1;
  }
}

const clock = new FakeClock();
const bridge = (bucket: Bucket): SealedSnapshots => new SealedSnapshots(bucket, seal, clock);
const penOf = (taken: PenTaken): SnapshotPen => {
  if (taken === 'over') throw new Error('over');
  return taken;
};
const take = async (bucket: Bucket): Promise<SnapshotPen> => penOf(await bridge(bucket).take('cv_1'));

describe('a sealed snapshot', () => {
  it('can be read by another bridge, and shows nothing to whoever holds the bucket', () => {
    const sealed = seal.seal('cv_1', Buffer.from('Marie'));
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('Marie');
    expect(Buffer.from(new SnapshotSeal('a secret that bridges share').open('cv_1', sealed)).toString()).toBe(
      'Marie',
    );
  });

  it.each<[string, (sealed: Uint8Array) => void]>([
    ["under another conversation's key", (sealed) => seal.open('cv_2', sealed)],
    ['with another secret', (sealed) => new SnapshotSeal('another secret').open('cv_1', sealed)],
    [
      'altered',
      (sealed) =>
        seal.open(
          'cv_1',
          sealed.map((byte, i) => (i === sealed.length - 1 ? byte ^ 1 : byte)),
        ),
    ],
  ])('cannot be read %s', (_, open) => {
    expect(() => open(seal.seal('cv_1', Buffer.from('x')))).toThrow();
  });
});

describe('what is written', () => {
  it.each<[string, ConversationSnapshot]>([
    ['at the beginning', snapshot(0, { fields: [], utterances: [], callerSpoke: false })],
    ['in the middle', snapshot(7)],
    ['given away', snapshot(3, { phase: 'released', takeovers: 2 })],
  ])('is what is read, %s', (_, written) => {
    expect(decodeSnapshot(encodeSnapshot({ writer: 'pen_1', snapshot: written }))).toEqual({
      writer: 'pen_1',
      snapshot: written,
    });
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['of another version', JSON.stringify({ version: 2, writer: 'pen_1', snapshot: snapshot(1) })],
    [
      'with a field of its own',
      JSON.stringify({ version: 1, writer: 'p', snapshot: { ...snapshot(1), fields: [{}] } }),
    ],
    ['without a snapshot', JSON.stringify({ version: 1, writer: 'pen_1' })],
  ])('is not read when it is %s', (_, text) => {
    expect(decodeSnapshot(Buffer.from(text))).toBeUndefined();
  });

  it.each<[string, KeptUtterance[], number[]]>([
    ['all of few', [utterance(1), utterance(2)], [1, 2]],
    [
      'the latest of many',
      Array.from({ length: 70 }, (_, i) => utterance(i + 1)),
      Array.from({ length: 60 }, (_, i) => i + 11),
    ],
    ['those that fit', [1, 2, 3].map((seq) => utterance(seq, 'x'.repeat(10_000))), [2, 3]],
    ['the last, however long', [utterance(1), utterance(2, 'x'.repeat(50_000))], [2]],
    ['nothing of nothing', [], []],
  ])('keeps %s', (_, utterances, kept) => {
    expect(latestWithinBound(utterances).map(({ seq }) => seq)).toEqual(kept);
  });
});

describe('a pen', () => {
  it('writes in order, the newest last, and leaves nothing at the end', async () => {
    const bucket = new Bucket();
    const pen = await take(bucket);
    const keepings = [1, 2, 3].map((seq) => pen.keep(snapshot(seq)));
    expect(await Promise.all(keepings)).toEqual(['kept', 'kept', 'kept']);
    expect(bucket.writes.map(({ lastUtteranceSeq }) => lastUtteranceSeq)).toEqual([3]);
    await pen.keep(snapshot(4));
    expect(await pen.close()).toBe('kept');
    expect(bucket.isEmpty).toBe(true);
  });

  it('that another bridge has taken over writes no more, neither state nor end', async () => {
    const bucket = new Bucket();
    const lost = await take(bucket);
    await lost.keep(snapshot(3));
    const next = await take(bucket);
    expect(next.earlier).toEqual(snapshot(3));
    // It is overtaken from the moment that the other has looked, even before the other writes.
    expect(await lost.keep(snapshot(4))).toBe('overtaken');
    expect(await lost.close()).toBe('overtaken');
    expect(await next.keep(snapshot(5))).toBe('kept');
    expect(bucket.writes.at(-1)?.lastUtteranceSeq).toBe(5);
  });

  it('knows its own write again whose acknowledgement was lost', async () => {
    const bucket = new Bucket();
    const pen = await take(bucket);
    bucket.losesAcks = 1;
    expect(await pen.keep(snapshot(1))).toBe('failed');
    expect(await pen.keep(snapshot(2))).toBe('kept');
  });

  it('troubles nobody when the bus is away, and goes on when it is back', async () => {
    const bucket = new Bucket();
    const pen = await take(bucket);
    bucket.isAway = true;
    expect(await pen.keep(snapshot(1))).toBe('failed');
    bucket.isAway = false;
    expect(await pen.keep(snapshot(2))).toBe('kept');
  });
});

describe('taking a conversation over', () => {
  it('finds nothing where nothing was', async () => {
    expect(await take(new Bucket())).toMatchObject({ earlier: undefined, isCertain: true });
  });

  it('waits for an answer within a bound, and goes on without', async () => {
    const bucket = new Bucket();
    bucket.answersAfter = new Promise(() => undefined);
    const taking = bridge(bucket).take('cv_1');
    clock.advance(LOOK_WITHIN_MS);
    const pen = penOf(await taking);
    expect(pen).toMatchObject({ earlier: undefined, isCertain: false });
    expect(await pen.keep(snapshot(1))).toBe('kept');
  });

  it('does not wake a conversation that has ended', async () => {
    const bucket = new Bucket();
    const pen = await take(bucket);
    await pen.keep(snapshot(1));
    await pen.close();
    expect(await bridge(bucket).take('cv_1')).toBe('over');
  });

  it.each([
    ['takes one that was given away', 'released', 'kept'],
    ['leaves one alone that its bridge still has', 'live', 'over'],
  ] as const)('where only a released one is wanted, %s', async (_, phase, outcome) => {
    const bucket = new Bucket();
    const owner = await take(bucket);
    await owner.keep(snapshot(2, { phase }));
    const taken = await bridge(bucket).take('cv_1', { onlyReleased: true });
    expect(taken === 'over' ? taken : await taken.keep(snapshot(3))).toBe(outcome);
    expect(await owner.keep(snapshot(3))).toBe(outcome === 'over' ? 'kept' : 'overtaken');
  });
});
