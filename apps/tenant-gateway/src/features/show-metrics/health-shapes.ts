import {
  type GetVoiceHealthResponse,
  type HealthFinding,
  HealthLevel,
  HealthMeasure,
  type HealthSlice,
  type HealthTrend,
  type Percentiles,
} from '@tradeline/contracts';
import { z } from 'zod';
import { enumWord, isoTime } from '../../http/messages.js';
import { time } from '../../http/shapes.js';

const level = z.enum(['ok', 'warn', 'critical', 'no_data', 'unspecified']);

const count = z.number().int();

const percentiles = z
  .object({
    p50Ms: z.number(),
    p95Ms: z.number(),
    p99Ms: z.number(),
    count: count.meta({ description: 'How many were measured' }),
    thresholdMs: z.number().meta({ description: 'The P95 that must not be passed; 0 when there is none' }),
    level,
  })
  .meta({ id: 'Percentiles', description: 'Milliseconds, within the answer’s relativeAccuracy.' });

const clocks = {
  handshake: percentiles.nullable().meta({ description: 'Webhook received to media stream ready both ways' }),
  firstByte: percentiles
    .nullable()
    .meta({ description: "End of the caller's turn declared to first audio of the answer" }),
  heardGap: percentiles
    .nullable()
    .meta({ description: "Caller's last speech frame to the answer being heard" }),
  greeting: percentiles
    .nullable()
    .meta({ description: "Media stream's start to first audio of the greeting" }),
};

const counters = {
  calls: count,
  fellBack: count.meta({ description: 'Calls that were led to the fall-back' }),
  modelErrors: count.meta({ description: "Calls that an error of the model's side cost something" }),
};

const slice = z
  .object({
    name: z.string().meta({ description: 'Empty when it is not known', example: 'fr-CA' }),
    ...counters,
    ...clocks,
  })
  .meta({ id: 'VoiceHealthSlice' });

const finding = z
  .object({
    measure: z
      .enum([
        'handshake_p95',
        'first_byte_p95',
        'fallback_rate',
        'model_error_rate',
        'handshake_trend',
        'first_byte_trend',
        'unspecified',
      ])
      .meta({ description: 'P95 in milliseconds; rates from 0 to 1; a trend is a factor' }),
    value: z.number(),
    warnAbove: z.number().meta({ description: '0 when nothing warns' }),
    criticalAbove: z.number().meta({ description: '0 when nothing is critical' }),
    count: count.meta({ description: 'How many calls or turns it is made of' }),
    level,
  })
  .meta({ id: 'VoiceHealthFinding' });

const trend = z
  .object({
    beforeP95Ms: z.number().meta({ description: 'Of the same hour a week before' }),
    beforeCount: count,
    nowP95Ms: z.number().meta({ description: 'Of the last hour' }),
    nowCount: count,
    factor: z.number().meta({ description: 'Now / before; 0 when either has too little to compare' }),
    warnAbove: z.number(),
    level,
  })
  .meta({ id: 'VoiceHealthTrend' });

export const voiceHealth = z
  .object({
    window: z.string(),
    measuredAt: time.nullable(),
    level: level.meta({ description: 'The worst of the findings' }),
    ...clocks,
    ...counters,
    silenceNudges: count,
    messagesIn: count,
    messagesOut: count,
    bargeIns: count,
    falseInterruptions: count.meta({
      description: 'How often the assistant stopped for what was no turn: a cough, an echo, an "mm-hm"',
    }),
    truncations: count,
    overlapSeconds: z.number().meta({ description: 'How long callers and assistant were heard at once' }),
    fallbackRate: z.number().meta({ description: 'From 0 to 1' }),
    modelErrorRate: z.number().meta({ description: 'From 0 to 1' }),
    languages: z.array(slice),
    adapters: z.array(slice),
    findings: z.array(finding),
    trend: z.object({ handshake: trend.nullable(), firstByte: trend.nullable() }),
    relativeAccuracy: z.number().meta({
      description: '0 when percentiles are exact; else they are at most this share off',
      example: 0.005,
    }),
  })
  .meta({ id: 'VoiceHealth' });

type Level = z.input<typeof level>;

const levelWord = (value: HealthLevel): Level => enumWord(HealthLevel, value) as Level;

const showPercentiles = (from: Percentiles | undefined): z.input<typeof percentiles> | null =>
  from
    ? {
        p50Ms: from.p50Ms,
        p95Ms: from.p95Ms,
        p99Ms: from.p99Ms,
        count: Number(from.count),
        thresholdMs: from.thresholdMs,
        level: levelWord(from.level),
      }
    : null;

const showClocks = (from: GetVoiceHealthResponse | HealthSlice) => ({
  handshake: showPercentiles(from.handshake),
  firstByte: showPercentiles(from.firstByte),
  heardGap: showPercentiles(from.heardGap),
  greeting: showPercentiles(from.greeting),
});

const showCounters = ({ calls, fellBack, modelErrors }: GetVoiceHealthResponse | HealthSlice) => ({
  calls: Number(calls),
  fellBack: Number(fellBack),
  modelErrors: Number(modelErrors),
});

const showSlice = (from: HealthSlice): z.input<typeof slice> => ({
  name: from.name,
  ...showCounters(from),
  ...showClocks(from),
});

const showFinding = (from: HealthFinding): z.input<typeof finding> => ({
  measure: enumWord(HealthMeasure, from.measure) as z.input<typeof finding>['measure'],
  value: from.value,
  warnAbove: from.warnAbove,
  criticalAbove: from.criticalAbove,
  count: Number(from.count),
  level: levelWord(from.level),
});

const showTrend = (from: HealthTrend | undefined): z.input<typeof trend> | null =>
  from
    ? {
        beforeP95Ms: from.beforeP95Ms,
        beforeCount: Number(from.beforeCount),
        nowP95Ms: from.nowP95Ms,
        nowCount: Number(from.nowCount),
        factor: from.factor,
        warnAbove: from.warnAbove,
        level: levelWord(from.level),
      }
    : null;

const rate = (part: bigint, of: bigint): number => (of === 0n ? 0 : Number(part) / Number(of));

export const showVoiceHealth = (
  window: string,
  health: GetVoiceHealthResponse,
): z.input<typeof voiceHealth> => ({
  window,
  measuredAt: isoTime(health.measuredAt),
  level: levelWord(health.level),
  ...showClocks(health),
  ...showCounters(health),
  silenceNudges: Number(health.silenceNudges),
  messagesIn: Number(health.messagesIn),
  messagesOut: Number(health.messagesOut),
  bargeIns: Number(health.bargeIns),
  falseInterruptions: Number(health.falseInterruptions),
  truncations: Number(health.truncations),
  overlapSeconds: Number(health.overlapMs) / 1_000,
  fallbackRate: rate(health.fellBack, health.calls),
  modelErrorRate: rate(health.modelErrors, health.calls),
  languages: health.languages.map(showSlice),
  adapters: health.adapters.map(showSlice),
  findings: health.findings.map(showFinding),
  trend: { handshake: showTrend(health.handshakeTrend), firstByte: showTrend(health.firstByteTrend) },
  relativeAccuracy: health.relativeAccuracy,
});
