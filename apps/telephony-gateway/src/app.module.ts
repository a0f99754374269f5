import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '@tradeline/messaging';
import { readMasterKey, TenantKeys } from '@tradeline/service-runtime';
import { DatabaseModule } from './database/database.module.js';
import type { GatewayEnv } from './env.js';
import { AnswerCallModule } from './features/answer-call/answer-call.module.js';
import { BrowseCallsModule } from './features/browse-calls/browse-calls.module.js';
import { FollowCallModule } from './features/follow-call/follow-call.module.js';
import { RecoverCallModule } from './features/recover-call/recover-call.module.js';
import { RouteNumbersModule } from './features/route-numbers/route-numbers.module.js';
import { BridgesModule } from './integrations/bridges/bridges.module.js';
import { TwilioModule } from './integrations/twilio/twilio.module.js';

@Module({})
export class AppModule {
  static for(env: GatewayEnv): DynamicModule {
    const keys = new TenantKeys({ masterKey: readMasterKey(env), domain: 'telephony' });
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({
          service: 'telephony-gateway',
          env,
          outbox: { relayUrl: env.RELAY_DATABASE_URL, keys },
        }),
        DatabaseModule.for(env.DATABASE_URL, keys),
        BridgesModule,
        TwilioModule.for({
          publicUrl: env.PUBLIC_URL,
          accountSid: env.TWILIO_ACCOUNT_SID,
          authToken: env.TWILIO_AUTH_TOKEN,
          apiBaseUrl: env.TWILIO_API_BASE_URL,
        }),
        RouteNumbersModule,
        AnswerCallModule,
        FollowCallModule,
        RecoverCallModule,
        BrowseCallsModule,
      ],
    };
  }
}
