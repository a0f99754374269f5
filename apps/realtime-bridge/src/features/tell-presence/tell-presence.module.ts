import { Module } from '@nestjs/common';
import { TellPresence } from './tell-presence.js';

@Module({ providers: [TellPresence] })
export class TellPresenceModule {}
