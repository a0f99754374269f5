import { sayAndHangup } from '@tradeline/twilio';
import { type Listener, messagesFor, type Occasion } from '../../domain/spoken-messages.js';

/**
 * TwiML that tells the caller what is the matter, in the tenant's languages, and hangs up.
 * @param recordings addresses of what the tenant's own voice says about it, by language
 */
export const spokenTwiml = (
  occasion: Occasion,
  listener: Listener,
  recordings: ReadonlyMap<string, string> = new Map(),
): string =>
  sayAndHangup(
    ...messagesFor(occasion, listener).map((message) => {
      const recordingUrl = recordings.get(message.language);
      return { ...message, ...(recordingUrl !== undefined && { recordingUrl }) };
    }),
  );
