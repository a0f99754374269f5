import { describe, expect, it } from '@jest/globals';
import type { LeadContent } from './parcel.js';
import { withoutContent } from './redact-content.js';

const content: LeadContent = {
  leadId: 'ld_1',
  callId: 'ca_1',
  qualified: true,
  callerName: 'Zoë "Z" Roy',
  phone: '+16135550142',
  email: 'zoe@example.com',
  jobSummary: 'burst pipe',
  preferredDatetime: 'Monday',
  summary: 'Line one\nline two',
  score: 1,
  reasons: [],
  reasonWords: [],
  dismissalReason: '',
  language: 'en',
  partial: false,
  transcript: [{ speaker: 'caller', text: 'My pipe burst.', language: 'en', interrupted: false }],
  call: { startedAt: new Date(0), durationMs: 0, fromNumber: '+16135550143', toNumber: '' },
};

describe('what is kept of a remote’s answer', () => {
  it('holds nothing that we sent, neither plain nor as JSON', () => {
    const echo = `cannot take ${JSON.stringify(content)} because ${content.summary} of Roy is wrong`;
    const kept = withoutContent(echo, content);
    expect(kept).not.toMatch(/Zo|Roy|5550142|5550143|example|burst|Monday|Line one|line two/);
    expect(kept).toContain('cannot take');
  });

  it('is short', () => {
    expect(withoutContent('x'.repeat(10_000), content)).toHaveLength(500);
  });
});
