import { sayAndHangup } from '@tradeline/twilio';
import { type Listener, messagesFor, type Occasion } from '../../domain/spoken-messages.js';

/** TwiML that tells the caller what is the matter, in the tenant's languages, and hangs up. */
export const spokenTwiml = (occasion: Occasion, listener: Listener): string =>
  sayAndHangup(...messagesFor(occasion, listener));
