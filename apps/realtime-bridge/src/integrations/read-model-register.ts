import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ModelRegister } from '../domain/model-register.js';

const DAY = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const PRICE = z.strictObject({
  input: z.number(),
  cached: z.number().optional(),
  output: z.number(),
});

const REGISTER = z.strictObject({
  source: z.string().min(1),
  reviewed: DAY,
  prices: z.string(),
  /** What is used where nothing is set, for whoever cannot ask the process. */
  defaults: z.record(z.string(), z.string()),
  models: z.array(
    z.strictObject({
      name: z.string().min(1),
      use: z.enum(['realtime', 'transcription', 'speech']),
      shutsDown: DAY.exactOptional(),
      instead: z.string().exactOptional(),
      prices: z
        .strictObject({
          text: PRICE.optional(),
          audio: PRICE.optional(),
          perMinute: z.number().optional(),
        })
        .exactOptional(),
    }),
  ),
});

/** Beside `src` and `dist` alike, so that people and other tools find it in one place. */
const FILE = new URL('../../models.json', import.meta.url);

/** @throws when the file is not there or not what it should be */
export const readModelRegister = (file: URL = FILE): ModelRegister =>
  new ModelRegister(REGISTER.parse(JSON.parse(readFileSync(file, 'utf8'))).models);
