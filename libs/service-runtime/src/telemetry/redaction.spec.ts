import { describe, expect, it } from '@jest/globals';
import { maskText, redact } from './redaction.js';

const PERSONAL = [
  'Marie Tremblay',
  '+1 613 555 0142',
  'marie@example.com',
  'leaking kitchen sink',
  'hunter2-token',
];

const expectNothingPersonal = (value: unknown): void => {
  const text = JSON.stringify(value);
  for (const personal of PERSONAL) expect(text).not.toContain(personal);
};

describe('redact', () => {
  it('lets nothing personal through nested objects, arrays, maps and errors', () => {
    class Refused extends Error {
      constructor() {
        super('no route for +1 613 555 0142 (marie@example.com)', {
          cause: new Error('also marie@example.com'),
        });
      }
    }
    const circular: Record<string, unknown> = { callerName: 'Marie Tremblay' };
    circular.self = circular;
    expectNothingPersonal(
      redact({
        from: '+1 613 555 0142',
        lead: {
          caller_name: 'Marie Tremblay',
          fields: [{ name: 'email', value: 'marie@example.com' }],
          notes: 'call +1 613 555 0142',
        },
        headers: {
          Authorization: 'Bearer hunter2-token',
          'x-api-key': 'hunter2-token',
          cookie: 'hunter2-token',
        },
        byName: new Map<string, unknown>([['job-summary', 'leaking kitchen sink']]),
        error: new Refused(),
        circular,
        note: 'write to marie@example.com',
        text: 'leaking kitchen sink',
        url: 'postgresql://me:hunter2-token@localhost/leads',
        deep: { a: { b: { c: { d: { e: { f: { g: 'Marie Tremblay' } } } } } } },
      }),
    );
  });

  it('keeps ids, counts, times and words about our own machinery', () => {
    const fields = {
      callId: 'ca_019a1b2c3d4e7f80a1b2c3d4e5f60718',
      tenantId: 'tn_1',
      call_sid: 'CA00112233445566778899aabbccddeeff',
      durationMs: 1_234_567_890,
      startedAt: '2026-11-22T08:00:00.123Z',
      day: '2026-11-22',
      url: 'http://127.0.0.1:41873/health',
      instance: '0199aabbccdd',
      service_name: 'lead-qualifier',
      reaction: 'qualify-lead-when-call-ended',
      ready: true,
      nothing: null,
    };
    expect(redact(fields)).toEqual(fields);
  });

  it('shows an error by type, masked message, code and stack, and nothing else that hangs on it', () => {
    const error = Object.assign(new Error('refused 613-555-0142'), {
      code: 'P2002',
      meta: { target: 'marie@example.com' },
    });
    expect(redact({ error }).error).toEqual({
      type: 'Error',
      message: 'refused [number]',
      code: 'P2002',
      stack: expect.stringMatching(/^\s+at /),
    });
  });

  it('bounds what it copies', () => {
    const cleaned = redact({
      rows: Array.from({ length: 1_000 }, (_, index) => index),
      note: 'x'.repeat(100_000),
      blob: new Uint8Array(9),
    });
    expect(JSON.stringify(cleaned).length).toBeLessThan(6_000);
    expect(cleaned.blob).toBe('[9 bytes]');
  });
});

describe('maskText', () => {
  it.each([
    ['+16135550142'],
    ['+1 (613) 555-0142'],
    ['613.555.0142'],
    ['555 0142'],
    ['06 12 34 56 78'],
    ['0917/123/4567'],
    ['marie.tremblay+home@example.co.uk'],
    ['josé@exämple.ca'],
  ])('masks %s', (personal) => {
    expect(maskText(`before ${personal} after`)).toMatch(/^before \[(number|email)\] after$/);
  });

  it.each([
    [
      '/objects/contacts/marie.tremblay%40example.com?idProperty=email',
      '/objects/contacts/[email]?idProperty=email',
    ],
    ['/search?q=marie%40example.com&limit=1', '/search?q=[email]&limit=1'],
    ['/calls?to=%2B16135550142', '/calls?to=%2B[number]'],
    ['/calls?to=613%20555%200142', '/calls?to=[number]'],
  ])('masks what an address of the web encodes: %s', (address, masked) => {
    expect(maskText(address)).toBe(masked);
  });

  it.each([
    ['2026-11-22T08:00:00Z'],
    ['127.0.0.1:5432'],
    ['192.168.100.200'],
    ['ev_019a1b2c3d4e7f80a1b2c3d4e5f60718'],
    ['00-27159151e7fbfd9313f939a6f0b0a009-83941ac14ae8b273-01'],
    ['took 12345 ms'],
  ])('leaves %s alone', (harmless) => {
    expect(maskText(harmless)).toBe(harmless);
  });
});
