import type { INestApplication } from '@nestjs/common';
import { JetStreamServer } from './events/jetstream-server.js';
import { RequestServer } from './requests/request-server.js';

/**
 * Starts hearing events (`@OnEvent`) and answering questions (`@OnRequest`). Call it when the application is wired
 * and before it listens: middleware that must come first is in place by then, since this initialises the application.
 */
export const attachMessaging = async (app: INestApplication): Promise<void> => {
  app.connectMicroservice({ strategy: app.get(JetStreamServer) });
  app.connectMicroservice({ strategy: app.get(RequestServer) });
  // What a handler leans on (settings that are caught up, a warm pool) is made in onModuleInit.
  await app.init();
  await app.startAllMicroservices();
};
