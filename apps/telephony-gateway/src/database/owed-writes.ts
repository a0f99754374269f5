import { Injectable } from '@nestjs/common';
import { log, Runtime } from '@tradeline/service-runtime';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** A quarter of an hour without a database; then a person has to know. */
const MAX_ATTEMPTS = 200;

const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

/**
 * Writes that nobody waits for while a caller listens. Those of one call are made in their order, each is tried
 * until it succeeds, and the process does not go before they are done.
 */
@Injectable()
export class OwedWrites {
  private readonly lastOf = new Map<string, Promise<void>>();

  constructor(runtime: Runtime) {
    runtime.onDrain('owed-writes', () => this.allMade());
  }

  /** Makes the write as soon as those before it about the same call are made; resolves then, and never rejects. */
  owe(callId: string, what: string, write: () => Promise<unknown>): Promise<void> {
    const made = (this.lastOf.get(callId) ?? Promise.resolve()).then(() => this.make(what, write));
    this.lastOf.set(callId, made);
    void made.then(() => {
      if (this.lastOf.get(callId) === made) this.lastOf.delete(callId);
    });
    return made;
  }

  /** Resolves when all that is owed about a call has been written. */
  async made(callId: string): Promise<void> {
    await this.lastOf.get(callId);
  }

  /** Resolves when nothing is owed any more. */
  async allMade(): Promise<void> {
    await Promise.all(this.lastOf.values());
  }

  private async make(what: string, write: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        await write();
        return;
      } catch (error) {
        log.warn('owed_write_failed', {
          what,
          attempt,
          reason: error instanceof Error ? error.message : String(error),
        });
        await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    log.error('owed_write_given_up', { what, attempts: MAX_ATTEMPTS });
  }
}
