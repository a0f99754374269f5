import { Module } from '@nestjs/common';
import { FollowCall } from './follow-call.js';
import { StatusController } from './status.controller.js';

@Module({ controllers: [StatusController], providers: [FollowCall] })
export class FollowCallModule {}
