import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog, log, withLogContext } from './log.js';

describe('log', () => {
  let written: Record<string, unknown>[] = [];

  beforeEach(() => {
    written = [];
    configureLog('lead-qualifier', 'i1', 'info', {
      write: (line) => void written.push(JSON.parse(line) as Record<string, unknown>),
    });
  });

  afterEach(() => configureLog('unnamed', 'none', 'silent'));

  it('writes one JSON line with service, instance, event and fields', () => {
    log.info('lead_qualified', { leadId: 'ld_1', score: 80 });
    expect(written).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        service: 'lead-qualifier',
        instance: 'i1',
        event: 'lead_qualified',
        leadId: 'ld_1',
        score: 80,
      },
    ]);
  });

  it('adds the ids of the context, also after awaiting, and lets inner ones win', async () => {
    await withLogContext({ tenantId: 'tn_1', callId: 'ca_1' }, async () => {
      await Promise.resolve();
      withLogContext({ callId: 'ca_2' }, () => log.warn('inner'));
      log.warn('outer');
    });
    log.warn('outside');
    expect(written.map(({ event, tenantId, callId }) => [event, tenantId, callId])).toEqual([
      ['inner', 'tn_1', 'ca_2'],
      ['outer', 'tn_1', 'ca_1'],
      ['outside', undefined, undefined],
    ]);
  });

  it('redacts personal fields and does not write below its level', () => {
    log.debug('hidden');
    log.error('failed', { to: '+16135550142', error: new Error('to +16135550142') });
    expect(written).toHaveLength(1);
    expect(JSON.stringify(written)).not.toContain('5550142');
  });
});
