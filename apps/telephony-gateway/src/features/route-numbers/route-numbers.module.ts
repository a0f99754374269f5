import { Global, Module } from '@nestjs/common';
import { NumberRoutes } from '../../domain/number-routes.js';
import { TenantVoices } from '../../domain/tenant-voices.js';
import { FollowSettings } from './follow-settings.js';

/** Global, since whoever answers, follows or recovers a call asks whose number it is. */
@Global()
@Module({ providers: [NumberRoutes, TenantVoices, FollowSettings], exports: [NumberRoutes, TenantVoices] })
export class RouteNumbersModule {}
