import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { inSpan } from './spans.js';

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
trace.setGlobalTracerProvider(provider);

class NotYet extends Error {
  readonly expected = true;
}

const failedWith = async (error: unknown) => {
  await expect(inSpan('work', {}, () => Promise.reject(error))).rejects.toBe(error);
  return exporter.getFinishedSpans()[0];
};

describe('inSpan', () => {
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    trace.disable();
    await provider.shutdown();
  });

  it('marks a span as failed when its work throws, and passes the error on', async () => {
    const span = await failedWith(new Error('no route to +1 613 555 0142'));
    expect(span?.status).toMatchObject({ code: SpanStatusCode.ERROR });
    expect(span?.status.message).not.toContain('613');
    expect(span?.events.map(({ name }) => name)).toEqual(['exception']);
  });

  it('does not mark a span as failed when the error only puts its work off', async () => {
    const span = await failedWith(new NotYet('two utterances are missing'));
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.events).toEqual([]);
    expect(span?.attributes).toMatchObject({ postponed: 'two utterances are missing' });
  });
});
