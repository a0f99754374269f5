import '@tradeline/service-runtime/telemetry';
import { attachMessaging } from '@tradeline/messaging';
import { runService } from '@tradeline/service-runtime';
import { AppModule } from './app.module.js';
import { readEnv } from './env.js';

const env = readEnv();
await runService({ name: 'metrics-aggregator', module: AppModule.for(env), env, configure: attachMessaging });
