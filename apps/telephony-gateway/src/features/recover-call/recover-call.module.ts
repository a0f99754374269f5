import { Module } from '@nestjs/common';
import { ActionController } from './action.controller.js';
import { AfterStream } from './after-stream.js';
import { RecoverCall } from './recover-call.js';
import { RedirectCallsOfLostBridge } from './redirect-calls-of-lost-bridge.js';

@Module({ controllers: [ActionController], providers: [AfterStream, RecoverCall, RedirectCallsOfLostBridge] })
export class RecoverCallModule {}
