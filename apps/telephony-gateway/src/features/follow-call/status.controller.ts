import { Body, Controller, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { log } from '@tradeline/service-runtime';
import { parseCallStatus, parseStreamStatus, type WebhookForm } from '@tradeline/twilio';
import { referenceFrom } from '../../domain/call-reference.js';
import { invalidWebhook } from '../../integrations/twilio/invalid-webhook.js';
import { SignedByTwilio } from '../../integrations/twilio/signed-by-twilio.js';
import { DOORS } from '../../integrations/twilio/twilio-door.js';
import { FollowCall } from './follow-call.js';

/** Twilio reports here how calls and their streams go on. */
@Controller()
@UseGuards(SignedByTwilio)
export class StatusController {
  constructor(private readonly followCall: FollowCall) {}

  @Post(DOORS.status)
  @HttpCode(204)
  async status(@Body() form: WebhookForm | undefined): Promise<void> {
    const report = parseCallStatus(form ?? {});
    if (report.kind === 'invalid') throw invalidWebhook(report);
    const followed = await this.followCall.report(report, new Date());
    if (!followed) log.warn('status_of_unknown_number', { callSid: report.callSid, status: report.status });
  }

  @Post(DOORS.stream)
  @HttpCode(204)
  async stream(
    @Body() form: WebhookForm | undefined,
    @Query() query: Record<string, unknown>,
  ): Promise<void> {
    const report = parseStreamStatus(form ?? {});
    if (report.kind === 'invalid') throw invalidWebhook(report);
    const reference = referenceFrom(query);
    if (reference) await this.followCall.streamReported(report, reference, new Date());
  }
}
