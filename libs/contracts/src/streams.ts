import type { DescMessage } from '@bufbuild/protobuf';
import { eventName } from './names.js';

/** A JetStream stream: one per domain for facts, one for settings, one for dead letters. */
export interface StreamPlan {
  readonly name: string;
  readonly subjects: readonly string[];
  /** 0 keeps messages without an age limit. */
  readonly maxAgeMs: number;
  /** 0 for no limit; 1 keeps the last snapshot of each subject. */
  readonly maxMessagesPerSubject: number;
  readonly maxBytes: number;
}

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1 << 20;

const facts = (domain: string): StreamPlan => ({
  name: domain.toUpperCase(),
  subjects: [`${domain}.>`],
  maxAgeMs: 72 * HOUR_MS,
  maxMessagesPerSubject: 0,
  maxBytes: 1024 * MEBIBYTE,
});

export const TENANT_STATE: StreamPlan = {
  name: 'TENANT_STATE',
  subjects: ['tenants.>'],
  maxAgeMs: 0,
  maxMessagesPerSubject: 1,
  maxBytes: 256 * MEBIBYTE,
};

export const DEAD_LETTERS: StreamPlan = {
  name: 'DEAD_LETTERS',
  subjects: ['dead-letter.>'],
  maxAgeMs: 30 * 24 * HOUR_MS,
  maxMessagesPerSubject: 0,
  maxBytes: 256 * MEBIBYTE,
};

export const STREAMS: readonly StreamPlan[] = [
  facts('calls'),
  facts('conversations'),
  facts('leads'),
  facts('notifications'),
  facts('metrics'),
  TENANT_STATE,
  DEAD_LETTERS,
];

/** The stream that an event lies in. */
export const streamOf = (event: DescMessage): StreamPlan => {
  const domain = eventName(event).split('.')[0];
  const plan = STREAMS.find((stream) => stream.subjects[0] === `${domain}.>`);
  if (!plan) throw new Error(`no stream holds ${event.typeName}`);
  return plan;
};
