import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { SWEEP_INTERVAL_MS, SweepOwed } from './sweep-owed.js';

@Module({})
export class SweepOwedModule {
  static for(intervalMs: number): DynamicModule {
    return {
      module: SweepOwedModule,
      providers: [SweepOwed, { provide: SWEEP_INTERVAL_MS, useValue: intervalMs }],
    };
  }
}
