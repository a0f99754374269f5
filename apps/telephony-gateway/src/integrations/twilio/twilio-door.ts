import { publicUrlOf, type WebhookForm, type WebhookParams, verifyWebhookSignature } from '@tradeline/twilio';
import { type CallReference, queryOf } from '../../domain/call-reference.js';

export const DOORS = {
  voice: 'twilio/voice',
  action: 'twilio/voice/action',
  status: 'twilio/voice/status',
  stream: 'twilio/voice/stream',
  phrases: 'twilio/phrases',
} as const;

/** Where Twilio reaches us, and how we know that it is Twilio. */
export class TwilioDoor {
  constructor(private readonly options: { readonly publicUrl: string; readonly authToken: string }) {}

  /** @param pathAndQuery as requested, before anything rewrote it */
  isFromTwilio(signature: string | undefined, pathAndQuery: string, form: WebhookForm): boolean {
    const url = publicUrlOf(this.options.publicUrl, pathAndQuery);
    return verifyWebhookSignature({
      authToken: this.options.authToken,
      signature,
      url,
      params: form as WebhookParams,
    });
  }

  /** Where Twilio fetches the sound of a phrase. */
  addressOfPhrase(key: string): string {
    return publicUrlOf(this.options.publicUrl, `/${DOORS.phrases}/${key}.wav`);
  }

  /** An address of ours that brings the call's reference back with the request. */
  addressOf(door: keyof typeof DOORS, reference: CallReference): string {
    return publicUrlOf(this.options.publicUrl, `/${DOORS[door]}?${queryOf(reference)}`);
  }
}
