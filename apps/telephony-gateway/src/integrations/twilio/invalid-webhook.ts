import { log, PublicError } from '@tradeline/service-runtime';
import type { InvalidWebhook } from '@tradeline/twilio';

/** The answer to a webhook that lacks what it must have; Twilio shows it in its debugger. */
export const invalidWebhook = ({ faults }: InvalidWebhook): PublicError => {
  log.warn('webhook_invalid', { faults });
  return new PublicError(400, 'Webhook not understood', `${faults.join('; ')}.`);
};
