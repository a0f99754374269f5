import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { KeyHolders } from '../../domain/key-holders.js';
import { RateLimit } from './rate-limit.js';
import { OPERATOR_TOKEN, SignInGuard } from './sign-in.guard.js';
import { SignIn } from './sign-in.js';

export interface SignInOptions {
  readonly operatorToken: string;
  readonly ratePerSecond: number;
}

@Global()
@Module({})
export class SignInModule {
  static for({ operatorToken, ratePerSecond }: SignInOptions): DynamicModule {
    return {
      module: SignInModule,
      providers: [
        SignIn,
        { provide: KeyHolders, useExisting: SignIn },
        { provide: RateLimit, useValue: new RateLimit(ratePerSecond) },
        { provide: OPERATOR_TOKEN, useValue: operatorToken },
        { provide: APP_GUARD, useClass: SignInGuard },
      ],
      exports: [KeyHolders],
    };
  }
}
