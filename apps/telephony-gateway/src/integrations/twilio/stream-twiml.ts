import { connectStream } from '@tradeline/twilio';
import type { CallReference } from '../../domain/call-reference.js';
import type { Place } from '../bridges/bridge-places.js';
import type { TwilioDoor } from './twilio-door.js';

/**
 * TwiML that opens the call's media stream to the place that was reserved for it. When the stream has ended, Twilio
 * comes back to `action`; the stream's own callback tells us of it even where the number has no status callback.
 */
export const streamTwiml = (door: TwilioDoor, place: Place, reference: CallReference): string =>
  connectStream({
    url: place.streamUrl,
    parameters: { token: place.streamToken },
    action: door.addressOf('action', reference),
    name: reference.callId,
    statusCallback: door.addressOf('stream', reference),
  });
