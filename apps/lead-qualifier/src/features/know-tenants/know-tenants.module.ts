import { Global, Module } from '@nestjs/common';
import { TenantProfiles } from '../../domain/tenant-profiles.js';
import { KnowTenants } from './know-tenants.js';

@Global()
@Module({
  providers: [KnowTenants, { provide: TenantProfiles, useFactory: () => new TenantProfiles() }],
  exports: [TenantProfiles],
})
export class KnowTenantsModule {}
