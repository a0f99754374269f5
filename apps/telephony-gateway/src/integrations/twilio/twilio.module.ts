import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TwilioRest } from '@tradeline/twilio';
import { SignedByTwilio } from './signed-by-twilio.js';
import { TwilioAccount } from './twilio-account.js';
import { TwilioDoor } from './twilio-door.js';

export interface TwilioOptions {
  readonly publicUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiBaseUrl: string;
}

@Global()
@Module({})
export class TwilioModule {
  static for({ publicUrl, accountSid, authToken, apiBaseUrl }: TwilioOptions): DynamicModule {
    return {
      module: TwilioModule,
      providers: [
        { provide: TwilioDoor, useFactory: () => new TwilioDoor({ publicUrl, authToken }) },
        {
          provide: TwilioRest,
          useFactory: () => new TwilioRest({ accountSid, authToken, baseUrl: apiBaseUrl }),
        },
        { provide: TwilioAccount, useFactory: () => new TwilioAccount(accountSid) },
        SignedByTwilio,
      ],
      exports: [TwilioDoor, TwilioRest, TwilioAccount, SignedByTwilio],
    };
  }
}
