import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tradeline/messaging';
import { readMasterKey, TenantKeys } from '@tradeline/service-runtime';
import { DatabaseModule } from './database/database.module.js';
import type { NotifierEnv } from './env.js';
import { AlertOwnerModule } from './features/alert-owner/alert-owner.module.js';
import { BrowseDeliveriesModule } from './features/browse-deliveries/browse-deliveries.module.js';
import { DeliverModule } from './features/deliver/deliver.module.js';
import { KeepConnectionsModule } from './features/keep-connections/keep-connections.module.js';
import { KnowRecipientsModule } from './features/know-recipients/know-recipients.module.js';
import { MailDismissedCallModule } from './features/mail-dismissed-call/mail-dismissed-call.module.js';
import { SweepOwedModule } from './features/sweep-owed/sweep-owed.module.js';
import { SyncCrmModule } from './features/sync-crm/sync-crm.module.js';
import { HubSpotCourier } from './integrations/hubspot/hubspot-courier.js';
import { QueuesModule } from './integrations/queues/queues.module.js';
import { MailCourier } from './integrations/smtp/mail-courier.js';
import { WebhookCourier } from './integrations/webhook/webhook-courier.js';

@Module({})
export class AppModule {
  static for(env: NotifierEnv): DynamicModule {
    const keys = new TenantKeys({ masterKey: readMasterKey(env), domain: 'notifications' });
    const guard = { allowLoopback: env.WEBHOOK_ALLOW_LOOPBACK };
    const couriers = [
      new MailCourier({ smtpUrl: env.SMTP_URL, mailFrom: env.MAIL_FROM }),
      new HubSpotCourier({ baseUrl: env.HUBSPOT_BASE_URL }),
      new WebhookCourier(guard),
    ];
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({
          service: 'notifier',
          env,
          outbox: { relayUrl: env.RELAY_DATABASE_URL, keys },
        }),
        DatabaseModule.for({ serviceUrl: env.DATABASE_URL, relayUrl: env.RELAY_DATABASE_URL, keys }),
        QueuesModule.for(env.REDIS_URL),
        KnowRecipientsModule,
        KeepConnectionsModule.for(guard),
        AlertOwnerModule,
        MailDismissedCallModule,
        SyncCrmModule,
        DeliverModule.for({ leaseMs: env.LEASE_MS, couriers }),
        SweepOwedModule.for(env.SWEEP_INTERVAL_MS),
        BrowseDeliveriesModule,
      ],
    };
  }
}
