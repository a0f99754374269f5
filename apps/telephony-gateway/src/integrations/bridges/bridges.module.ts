import { Global, Module } from '@nestjs/common';
import { BridgePlaces } from './bridge-places.js';
import { BridgeWatch } from './bridge-watch.js';

@Global()
@Module({ providers: [BridgeWatch, BridgePlaces], exports: [BridgeWatch, BridgePlaces] })
export class BridgesModule {}
