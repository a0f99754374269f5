import { Body, Controller, Header, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { log } from '@tradeline/service-runtime';
import { hangup, parseCallStatus, type WebhookForm } from '@tradeline/twilio';
import { referenceFrom } from '../../domain/call-reference.js';
import { invalidWebhook } from '../../integrations/twilio/invalid-webhook.js';
import { SignedByTwilio } from '../../integrations/twilio/signed-by-twilio.js';
import { DOORS } from '../../integrations/twilio/twilio-door.js';
import { AfterStream } from './after-stream.js';

/** Twilio asks here what follows when a media stream has ended. */
@Controller(DOORS.action)
@UseGuards(SignedByTwilio)
export class ActionController {
  constructor(private readonly afterStream: AfterStream) {}

  @Post()
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  @Header('cache-control', 'no-store')
  async action(
    @Body() form: WebhookForm | undefined,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const report = parseCallStatus(form ?? {});
    if (report.kind === 'invalid') throw invalidWebhook(report);
    const reference = referenceFrom(query);
    try {
      return reference ? await this.afterStream.next(report, reference) : hangup();
    } catch (error) {
      log.error('after_stream_failed', { callSid: report.callSid, error });
      return hangup();
    }
  }
}
