import { STATUS_CODES } from 'node:http';
import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { PublicError } from '../failures.js';
import { log } from '../telemetry/log.js';

/** RFC 9457, section 3. */
interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

const titleOf = (status: number): string => STATUS_CODES[status] ?? 'Error';

const isClientError = (status: unknown): status is number =>
  typeof status === 'number' && status >= 400 && status < 500;

/** Only a `PublicError` chooses its words: any other error shows its status and nothing of what is inside. */
const problemOf = (error: unknown): Problem => {
  if (error instanceof PublicError) {
    const { status, title, publicDetail, extensions } = error;
    return {
      ...extensions,
      type: 'about:blank',
      title,
      status,
      ...(publicDetail === undefined ? {} : { detail: publicDetail }),
    };
  }
  if (error instanceof HttpException)
    return { type: 'about:blank', title: titleOf(error.getStatus()), status: error.getStatus() };
  // The body parsers' errors carry a status of their own: 400 malformed, 413 too large, 415 unknown encoding.
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return isClientError(status)
    ? { type: 'about:blank', title: titleOf(status), status }
    : { type: 'about:blank', title: titleOf(500), status: 500 };
};

/** Every error of a request as `application/problem+json`, with the trace id to find it by. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() !== 'http') return throwError(() => error);
    const response = host.switchToHttp().getResponse<Response>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      log.error('request_failed', {
        method: host.switchToHttp().getRequest<Request>().method,
        status: problem.status,
        error,
      });
    }
    if (response.headersSent) {
      // Half an answer is out: only breaking the connection tells the client that it is not whole.
      response.destroy();
      return;
    }
    const traceId = trace.getActiveSpan()?.spanContext().traceId;
    if (error instanceof PublicError) response.set({ ...error.headers });
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem, ...(traceId === undefined ? {} : { trace_id: traceId }) }));
  }
}
