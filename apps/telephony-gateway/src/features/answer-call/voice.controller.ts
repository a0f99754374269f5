import { Body, Controller, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { log } from '@tradeline/service-runtime';
import { parseIncomingCall, type WebhookForm } from '@tradeline/twilio';
import { TenantVoices } from '../../domain/tenant-voices.js';
import { invalidWebhook } from '../../integrations/twilio/invalid-webhook.js';
import { SignedByTwilio } from '../../integrations/twilio/signed-by-twilio.js';
import { spokenTwiml } from '../../integrations/twilio/spoken-twiml.js';
import { DOORS } from '../../integrations/twilio/twilio-door.js';
import { AnswerCall } from './answer-call.js';

/** Twilio asks here what to do with an incoming call. */
@Controller(DOORS.voice)
@UseGuards(SignedByTwilio)
export class VoiceController {
  constructor(
    private readonly answerCall: AnswerCall,
    private readonly voices: TenantVoices,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  @Header('cache-control', 'no-store')
  async voice(@Body() form: WebhookForm | undefined): Promise<string> {
    const receivedAt = new Date();
    const call = parseIncomingCall(form ?? {});
    if (call.kind === 'invalid') throw invalidWebhook(call);
    try {
      return await this.answerCall.answer(call, receivedAt);
    } catch (error) {
      // Whatever broke, a person is on the line: an error page would be read to nobody.
      log.error('call_not_answered', { callSid: call.callSid, error });
      return spokenTwiml('connection_lost', this.voices.of(undefined));
    }
  }
}
