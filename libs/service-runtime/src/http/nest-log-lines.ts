import type { LoggerService } from '@nestjs/common';
import { log } from '../telemetry/log.js';

const fieldsOf = (message: unknown, rest: unknown[]): Record<string, unknown> => ({
  ...(message instanceof Error ? { error: message } : { detail: message }),
  // Nest passes the context as the last parameter, and a stack before it when it has one.
  context: rest.at(-1),
  ...(rest.length > 1 ? { more: rest.slice(0, -1) } : {}),
});

/** Nest's own messages as our log lines; its start-up chatter only at level debug. */
export class NestLogLines implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    log.debug('nest', fieldsOf(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    log.warn('nest', fieldsOf(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    log.error('nest', fieldsOf(message, rest));
  }
}
