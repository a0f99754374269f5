import { currentTraceparent, newId } from '@tradeline/service-runtime';
import type { NextFunction, Request, Response } from 'express';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives every answer the request's id (the caller's own, if it sent a sane one) and the trace to find it by. */
export const nameRequest = (request: Request, response: Response, next: NextFunction): void => {
  const given = request.get('X-Request-Id') ?? '';
  response.set('X-Request-Id', ACCEPTABLE.test(given) ? given : newId('rq'));
  const traceparent = currentTraceparent();
  if (traceparent) response.set('traceparent', traceparent);
  response.set('Cache-Control', 'no-store');
  response.set('X-Content-Type-Options', 'nosniff');
  next();
};
