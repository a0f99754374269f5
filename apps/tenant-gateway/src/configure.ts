import type { INestApplication } from '@nestjs/common';
import { attachMessaging } from '@tradeline/messaging';
import { nameRequest } from './http/request-id.js';

/** What stands around the routes. */
export const configure = async (app: INestApplication): Promise<void> => {
  app.use(nameRequest);
  await attachMessaging(app);
};
