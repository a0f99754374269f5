import '@tradeline/service-runtime/telemetry';
import { attachMessaging } from '@tradeline/messaging';
import { runService } from '@tradeline/service-runtime';
import { AppModule } from './app.module.js';
import { readEnv } from './env.js';
import { StreamDoor } from './features/bridge-call/stream-door.js';
import { readModelRegister } from './integrations/read-model-register.js';
import { refuseModelsThatAreGone, warnOfShutdowns } from './models-in-use.js';
import { TellPresence } from './features/tell-presence/tell-presence.js';

const env = readEnv();
const register = readModelRegister();
refuseModelsThatAreGone(env, register);

await runService({
  name: 'realtime-bridge',
  env,
  module: AppModule.with(env, register),
  configure: async (app) => {
    warnOfShutdowns(env, register);
    app.get(StreamDoor).guard(app.getHttpServer());
    await attachMessaging(app);
    app.get(TellPresence).begin();
  },
});
