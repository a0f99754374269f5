import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Reflector } from '@nestjs/core';
import type { Caller } from '../../domain/caller.js';
import { forbidden, tooMany, unauthorized } from '../../http/problems.js';
import type { Route } from '../../http/route.js';
import { ROUTE, type SignedInRequest } from '../../http/serve.decorator.js';
import { requestLimited } from '../../telemetry.js';
import { RateLimit } from './rate-limit.js';
import { SignIn } from './sign-in.js';

export const OPERATOR_TOKEN = Symbol('operator-token');

const BEARER = /^Bearer ([^\s]+)$/i;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets a request in when its route's need is met. A handler without a route (health) is open. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIn: SignIn,
    private readonly limit: RateLimit,
    @Inject(OPERATOR_TOKEN) private readonly operatorToken: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = this.reflector.get<Route | undefined>(ROUTE, context.getHandler());
    if (!route || route.needs === 'none') return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const token = BEARER.exec(request.get('Authorization') ?? '')?.[1];
    if (token === undefined) throw unauthorized('Send the header "Authorization: Bearer <key>".');
    if (route.needs === 'operator') return this.#isOperator(token);
    const caller = await this.signIn.byKey(token);
    if (!caller) throw unauthorized('Nobody holds this key, or it was revoked.');
    this.#admit(caller, route);
    request.caller = caller;
    return true;
  }

  #admit(caller: Caller, { needs }: Route): void {
    const waitSeconds = this.limit.take(caller.keyId);
    if (waitSeconds > 0) {
      requestLimited(caller.keyId);
      throw tooMany(waitSeconds);
    }
    if (!(caller.scopes as readonly string[]).includes(needs)) throw forbidden(needs);
  }

  /** Digests have one length, so neither the length nor the first wrong byte shows in the time it takes. */
  #isOperator(token: string): true {
    if (!timingSafeEqual(digest(token), digest(this.operatorToken)))
      throw unauthorized('This is not the operator.');
    return true;
  }
}
