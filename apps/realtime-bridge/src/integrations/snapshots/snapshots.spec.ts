import { describe, expect, it } from '@jest/globals';
import type { ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import { SealedSnapshots } from './sealed-snapshots.js';
import { SnapshotSeal } from './snapshot-seal.js';

const snapshot = (lastUtteranceSeq: number): ConversationSnapshot => ({
  tenantId: 'tn_1',
  callId: 'ca_1',
  language: 'en',
  fields: [{ name: 'caller_name', value: 'Marie', evidenceItemId: 'i', readBack: false }],
  lastUtteranceSeq,
});

describe('a snapshot', () => {
  const seal = new SnapshotSeal('a secret that bridges share');

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

  it('is written in order, the newest last, and gone at the end', async () => {
    const stored = new Map<string, number>();
    const writes: number[] = [];
    const snapshots = new SealedSnapshots(
      {
        put: async (id, bytes) => {
          await Promise.resolve();
          const { lastUtteranceSeq } = JSON.parse(
            Buffer.from(seal.open(id, bytes)).toString(),
          ) as ConversationSnapshot;
          writes.push(lastUtteranceSeq);
          stored.set(id, lastUtteranceSeq);
        },
        delete: (id) => Promise.resolve(void stored.delete(id)),
      },
      seal,
    );
    for (const seq of [1, 2, 3]) snapshots.keep('cv_1', snapshot(seq));
    await snapshots.forget('cv_1');
    expect(writes.every((seq, i) => i === 0 || seq > (writes[i - 1] ?? 0))).toBe(true);
    expect(stored.size).toBe(0);
  });

  it('that cannot be kept troubles nobody', async () => {
    const fail = () => Promise.reject(new Error('the bus is away'));
    const snapshots = new SealedSnapshots({ put: fail, delete: fail }, seal);
    snapshots.keep('cv_1', snapshot(1));
    await snapshots.forget('cv_1');
  });
});
