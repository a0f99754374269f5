import '@tradeline/service-runtime/telemetry';
import { runService } from '@tradeline/service-runtime';
import { AppModule } from './app.module.js';
import { configure } from './configure.js';
import { readEnv } from './env.js';

const env = readEnv();
await runService({ name: 'tenant-gateway', module: AppModule.for(env), env, configure });
