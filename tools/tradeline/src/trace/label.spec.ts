import { describe, expect, it } from '@jest/globals';
import { isDatabase, labelOf } from './label.ts';
import type { SpanRecord } from './read-spans.ts';

const span = (name: string, over: Partial<SpanRecord> = {}): SpanRecord => ({
  traceId: 't',
  spanId: 's',
  name,
  kind: 'client',
  service: 'notifier',
  startMs: 0,
  durationMs: 1,
  attributes: {},
  ...over,
});

describe('labelOf', () => {
  it('says where a request went and what came back, without its query', () => {
    const attributes = {
      'url.full': 'http://127.0.0.1:1/hubspot/crm/v3/objects/calls?archived=false',
      'http.response.status_code': 404,
    };
    expect(labelOf(span('GET', { attributes, status: 'error' }))).toBe(
      '✗ GET /hubspot/crm/v3/objects/calls 404',
    );
  });

  it('does not repeat the service, nor a message’s package', () => {
    expect(labelOf(span('notifier sync-crm-when-lead-qualified'))).toBe('sync-crm-when-lead-qualified');
    expect(labelOf(span('publish leads.v1.LeadQualified'))).toBe('publish LeadQualified');
  });

  it('tells what was put off from what failed', () => {
    expect(labelOf(span('work', { attributes: { postponed: 'not yet' } }))).toBe('… work');
  });

  it('knows the statements of databases', () => {
    expect(isDatabase(span('pg.query:BEGIN', { attributes: { 'db.system.name': 'postgresql' } }))).toBe(true);
    expect(isDatabase(span('send smtp'))).toBe(false);
  });
});
