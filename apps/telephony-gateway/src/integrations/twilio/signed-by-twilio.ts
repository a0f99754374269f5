import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { log, PublicError } from '@tradeline/service-runtime';
import { SIGNATURE_HEADER, type WebhookForm } from '@tradeline/twilio';
import type { Request } from 'express';
import { TwilioDoor } from './twilio-door.js';

/** Lets a request in only when Twilio signed it for this account; anyone else gets 403 and learns no more. */
@Injectable()
export class SignedByTwilio implements CanActivate {
  constructor(private readonly door: TwilioDoor) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const form = (request.body ?? {}) as WebhookForm;
    if (this.door.isFromTwilio(request.header(SIGNATURE_HEADER), request.originalUrl, form)) return true;
    log.warn('webhook_not_signed', {
      path: request.path,
      signed: request.header(SIGNATURE_HEADER) !== undefined,
    });
    throw new PublicError(
      403,
      'Not signed by Twilio',
      'The X-Twilio-Signature does not fit: check the auth token, and that PUBLIC_URL is the address Twilio requests.',
    );
  }
}
