import { Module, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Runtime, RuntimeModule } from '@tradeline/service-runtime';
import { attachMessaging, MessagingModule, type MessagingOptions } from '@tradeline/messaging';

export interface ServiceOnTheBus {
  readonly app: INestApplication;
  readonly runtime: Runtime;
  get<T>(type: Type<T>): T;
  stop(): Promise<void>;
}

/** One service of ours as it stands on the bus: its connection, its handlers, nothing else. */
export const startService = async (
  options: MessagingOptions,
  controllers: readonly Type<unknown>[] = [],
): Promise<ServiceOnTheBus> => {
  const runtime = new Runtime(options.env.INSTANCE_ID ?? 'one');
  class TestedService {}
  Module({
    imports: [RuntimeModule.for(runtime), MessagingModule.forRoot(options)],
    controllers: [...controllers],
  })(TestedService);
  const app = await NestFactory.create(TestedService, { logger: false });
  try {
    await attachMessaging(app);
  } catch (error) {
    await app.close();
    throw error;
  }
  return {
    app,
    runtime,
    get: (type) => app.get(type),
    stop: async () => {
      await runtime.drain(10_000);
      await app.close();
    },
  };
};
