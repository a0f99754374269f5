import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tradeline/messaging';
import { readMasterKey, TenantKeys } from '@tradeline/service-runtime';
import { DatabaseModule } from './database/database.module.js';
import type { Env } from './env.js';
import { API_DESCRIPTION, DescribeApiController } from './features/describe-api/describe-api.controller.js';
import { ManageAlertsController } from './features/manage-alerts/manage-alerts.controller.js';
import { ManageAssistantController } from './features/manage-assistant/manage-assistant.controller.js';
import { ManageConnectionsController } from './features/manage-connections/manage-connections.controller.js';
import { ManageKeysController } from './features/manage-keys/manage-keys.controller.js';
import { ManageNumbersController } from './features/manage-numbers/manage-numbers.controller.js';
import { OnboardTenantController } from './features/onboard-tenant/onboard-tenant.controller.js';
import { ShowCall } from './features/show-calls/show-call.js';
import { ShowCallsController } from './features/show-calls/show-calls.controller.js';
import { ShowDeliveriesController } from './features/show-deliveries/show-deliveries.controller.js';
import { ShowLeadsController } from './features/show-leads/show-leads.controller.js';
import { ShowMetricsController } from './features/show-metrics/show-metrics.controller.js';
import { SignInModule } from './features/sign-in/sign-in.module.js';
import { StreamLiveEventsController } from './features/stream-live-events/stream-live-events.controller.js';
import { describeRoutes } from './http/openapi.js';
import { ROUTES } from './routes.js';

/** The door for tenants. */
@Module({})
export class AppModule {
  static for(env: Env): DynamicModule {
    const masterKey = readMasterKey(env);
    const keys = new TenantKeys({ masterKey, domain: 'tenants' });
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({
          service: 'tenant-gateway',
          env,
          outbox: { relayUrl: env.RELAY_DATABASE_URL, keys },
        }),
        DatabaseModule.for({ url: env.DATABASE_URL, masterKey, keys }),
        SignInModule.for({ operatorToken: env.OPERATOR_TOKEN, ratePerSecond: env.RATE_LIMIT_PER_SECOND }),
      ],
      controllers: [
        ShowCallsController,
        ShowLeadsController,
        ShowDeliveriesController,
        ShowMetricsController,
        StreamLiveEventsController,
        ManageAssistantController,
        ManageNumbersController,
        ManageAlertsController,
        ManageConnectionsController,
        ManageKeysController,
        OnboardTenantController,
        DescribeApiController,
      ],
      providers: [
        ShowCall,
        { provide: API_DESCRIPTION, useFactory: () => describeRoutes(ROUTES, env.PUBLIC_URL) },
      ],
    };
  }
}
