import { ensureStreams } from '@tradeline/messaging';
import type { BusCredentials } from '@tradeline/messaging';
import { tryUntil } from '../../domain/back-off.js';
import type { BackOff, Clock } from '../../domain/back-off.js';
import { serverUnusable } from '../../domain/failures.js';

interface MakeStreamsOptions {
  readonly say: (line: string) => void;
  readonly backOff: BackOff;
  readonly clock: Clock;
}

/** Makes the streams and the bucket of the catalogue: services may use them, and only the administrator may make them. */
export async function makeStreams(
  admin: BusCredentials,
  { say, backOff, clock }: MakeStreamsOptions,
): Promise<void> {
  try {
    await tryUntil(() => ensureStreams(admin), isRefusal, backOff, clock);
  } catch (error) {
    throw serverUnusable('bus', error);
  }
  say('bus: streams are as the catalogue wants them');
}

const isRefusal = (error: unknown): boolean =>
  /authorization|permissions/i.test(error instanceof Error ? error.message : '');
