import type { SpanRecord } from './read-spans.ts';

/** Statements of databases and caches: many, short, and seldom what one looks for. */
export const isDatabase = (span: SpanRecord): boolean =>
  'db.system.name' in span.attributes || 'db.system' in span.attributes;

const HTTP_METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE)$/;

const pathOf = (span: SpanRecord): string => {
  const address = span.attributes['url.full'];
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).pathname : '';
};

/** A span's name as a reader of the waterfall wants it: without what its line says already, and with where a request went. */
export const labelOf = (span: SpanRecord): string => {
  const mark = span.status === 'error' ? '✗ ' : 'postponed' in span.attributes ? '… ' : '';
  if (HTTP_METHOD.test(span.name)) {
    const status = span.attributes['http.response.status_code'];
    return `${mark}${[span.name, pathOf(span), status].filter(Boolean).join(' ')}`;
  }
  const name = span.name.startsWith(`${span.service} `)
    ? span.name.slice(span.service.length + 1)
    : span.name;
  // The package stands in docs/events.md; the message's own name is enough to know it by.
  return mark + name.replace(/^publish [a-z]+\.v\d+\./, 'publish ');
};
