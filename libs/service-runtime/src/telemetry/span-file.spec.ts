import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { maskingExporter } from './masked-spans.js';
import { SpanFile } from './span-file.js';
import type { SpanRecord } from './span-file.js';

const startProvider = (file: SpanFile): TracerProvider =>
  new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'smoke' }),
    spanProcessors: [new SimpleSpanProcessor({ exporter: maskingExporter(file) })],
  });

const recordsIn = async (path: string): Promise<SpanRecord[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SpanRecord);

describe('SpanFile', () => {
  let directory = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spans-'));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('writes a span per line, with personal data masked', async () => {
    const file = new SpanFile({ directory, service: 'smoke' });
    const provider = startProvider(file);
    const span = provider.getTracer('t').startSpan('send', {
      attributes: {
        'call.id': 'ca_1',
        'client.address': '203.0.113.7',
        'url.full': 'http://h/search?q=marie@example.com',
      },
    });
    span.addEvent('exception', { 'exception.message': 'no route to +1 613 555 0142' });
    span.end();
    await provider.shutdown();
    expect(await recordsIn(file.path)).toEqual([
      {
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
        parentSpanId: null,
        name: 'send',
        kind: 'internal',
        service: 'smoke',
        startMs: expect.any(Number),
        durationMs: expect.any(Number),
        status: 'unset',
        attributes: { 'call.id': 'ca_1', 'url.full': 'http://h/search?q=[email]' },
        events: [
          {
            name: 'exception',
            timeMs: expect.any(Number),
            attributes: { 'exception.message': 'no route to [number]' },
          },
        ],
      },
    ]);
  });

  it('stays within its bound', async () => {
    const file = new SpanFile({ directory, service: 'smoke', maxBytes: 2_000 });
    const provider = startProvider(file);
    for (let index = 0; index < 50; index += 1) provider.getTracer('t').startSpan(`span ${index}`).end();
    await provider.shutdown();
    const sizes = await Promise.all(
      (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size),
    );
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
    expect((await recordsIn(file.path)).at(-1)?.name).toBe('span 49');
  });

  it('drops the oldest files of earlier processes, and only of its own service', async () => {
    for (const [service, count] of [
      ['other', 2],
      ['smoke', 4],
    ] as const) {
      for (let index = 0; index < count; index += 1) {
        const file = new SpanFile({ directory: join(directory), service: `${service}`, keepFiles: 2 });
        Object.assign(file, { path: join(directory, `${service}-${index}-1.ndjson`) });
        const provider = startProvider(file);
        provider.getTracer('t').startSpan('one').end();
        await provider.shutdown();
      }
    }
    const files = await readdir(directory);
    expect(files.filter((file) => file.startsWith('other-'))).toHaveLength(2);
    expect(files.filter((file) => file.startsWith('smoke-'))).toHaveLength(3);
  });

  it('costs spans and nothing else when the directory cannot be written', async () => {
    const provider = startProvider(new SpanFile({ directory: '/dev/null/spans', service: 'smoke' }));
    provider.getTracer('t').startSpan('lost').end();
    await expect(provider.shutdown()).resolves.toBeUndefined();
  });
});
