import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { MessagingModule } from '@tradeline/messaging';
import { readMasterKey, TenantKeys } from '@tradeline/service-runtime';
import { DatabaseModule } from './database/database.module.js';
import type { LeadExtractor } from './domain/lead-extractor.js';
import { RulesLeadExtractor } from './domain/rules-lead-extractor.js';
import type { Env } from './env.js';
import { BrowseLeadsModule } from './features/browse-leads/browse-leads.module.js';
import { CollectTranscriptModule } from './features/collect-transcript/collect-transcript.module.js';
import { KeepFieldModule } from './features/keep-field/keep-field.module.js';
import { KnowTenantsModule } from './features/know-tenants/know-tenants.module.js';
import { Patience } from './features/qualify-lead/patience.js';
import { QualifyLeadModule } from './features/qualify-lead/qualify-lead.module.js';
import { OpenAiLeadExtractor } from './integrations/openai/openai-lead-extractor.js';

const extractorFor = (env: Env): LeadExtractor => {
  const rules = new RulesLeadExtractor();
  if (env.OPENAI_API_KEY === undefined) return rules;
  return new OpenAiLeadExtractor(
    {
      apiKey: env.OPENAI_API_KEY,
      baseUrl: env.OPENAI_BASE_URL,
      model: env.OPENAI_EXTRACTION_MODEL,
      timeoutMs: env.OPENAI_TIMEOUT_MS,
    },
    rules,
  );
};

/** Turns what was said into a lead. */
@Module({})
export class AppModule {
  static for(env: Env): DynamicModule {
    const keys = new TenantKeys({ masterKey: readMasterKey(env), domain: 'leads' });
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({
          service: 'lead-qualifier',
          env,
          outbox: { relayUrl: env.RELAY_DATABASE_URL, keys },
        }),
        DatabaseModule.for({ url: env.DATABASE_URL, keys }),
        KnowTenantsModule,
        CollectTranscriptModule,
        KeepFieldModule,
        QualifyLeadModule.for({
          extractor: extractorFor(env),
          patience: new Patience(env.TRANSCRIPT_WAIT_MS, env.CALL_ENDED_GRACE_MS),
        }),
        BrowseLeadsModule,
      ],
    };
  }
}
