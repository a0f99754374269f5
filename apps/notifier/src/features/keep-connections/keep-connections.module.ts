import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { GuardOptions } from '../../integrations/webhook/address-guard.js';
import { ConnectionsController } from './connections.controller.js';
import { GUARD_OPTIONS, KeepConnections } from './keep-connections.js';

@Module({})
export class KeepConnectionsModule {
  static for(guard: GuardOptions): DynamicModule {
    return {
      module: KeepConnectionsModule,
      controllers: [ConnectionsController],
      providers: [KeepConnections, { provide: GUARD_OPTIONS, useValue: guard }],
    };
  }
}
