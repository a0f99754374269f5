import '@tradeline/service-runtime/telemetry';
import { attachMessaging } from '@tradeline/messaging';
import { runService } from '@tradeline/service-runtime';
import { AppModule } from './app.module.js';
import { readEnv } from './env.js';
import { StreamDoor } from './features/bridge-call/stream-door.js';
import { TellPresence } from './features/tell-presence/tell-presence.js';

const env = readEnv();

await runService({
  name: 'realtime-bridge',
  env,
  module: AppModule.with(env),
  configure: async (app) => {
    app.get(StreamDoor).guard(app.getHttpServer());
    await attachMessaging(app);
    app.get(TellPresence).begin();
  },
});
