import { metrics } from '@opentelemetry/api';
import type { Counter, Histogram } from '@opentelemetry/api';

const meter = metrics.getMeter('tradeline');

/** Counts business events. Attributes stay few and bounded: never an id. */
export const counter = (name: string, description: string): Counter =>
  meter.createCounter(name, { description });

/** Durations in milliseconds; the buckets span a frame of audio to a stuck request. */
export const histogramMs = (name: string, description: string): Histogram =>
  meter.createHistogram(name, {
    description,
    unit: 'ms',
    advice: {
      explicitBucketBoundaries: [
        1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 800, 1_200, 2_000, 5_000, 10_000, 30_000,
      ],
    },
  });
