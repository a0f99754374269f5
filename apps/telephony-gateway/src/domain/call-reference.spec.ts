import { describe, expect, it } from '@jest/globals';
import { queryOf, referenceFrom } from './call-reference.js';

const reference = {
  tenantId: 'tn_a',
  callId: 'ca_1',
  conversationId: 'cv_1',
  bridgeInstance: 'br-1',
  receivedAt: new Date('2026-11-22T12:00:00.123Z'),
  handovers: 1,
};
const query = Object.fromEntries(new URLSearchParams(queryOf(reference)));

describe("a call's reference", () => {
  it('comes back from the address as it went', () => {
    expect(referenceFrom(query)).toEqual(reference);
  });

  it.each([
    { tenant: undefined },
    { tenant: ['a', 'b'] },
    { at: 'soon' },
    { call: 'ca 1' },
    { handovers: '-1' },
  ])('is none of ours with %j', (change) => {
    expect(referenceFrom({ ...query, ...change })).toBeUndefined();
  });
});
