import { twilioDate } from './call-fields.js';
import { MediaStream } from './media-stream.js';
import type { NetworkCall } from './network-call.js';
import { NOTICES } from './notices.js';
import type { TwimlElement } from './twiml.js';
import { absolute, NEXT, type Outcome } from './verbs.js';

/**
 * <Connect><Stream>: opens the socket and stays until the server closes it. Then `action` is requested if there is
 * one, else the next verb plays.
 */
export async function playConnect(
  call: NetworkCall,
  verb: TwimlElement,
  base: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const element = verb.children.find((child) => child.name === 'Stream');
  const url = element?.attributes.url ?? '';
  const fault = streamFault(element, url);
  if (!element || fault) {
    call.report(
      fault?.code ?? NOTICES.schemaWarning,
      fault?.message ?? '<Connect> has nothing to connect to',
    );
    return afterStream(call, verb, base, true);
  }
  const stream = openStream(call, element, url, base);
  call.stream = stream;
  call.emit('stream', stream);
  const end = await stream.run(signal);
  call.stream = undefined;
  if (end.by === 'us') return NEXT;
  return afterStream(call, verb, base, end.abnormal);
}

function streamFault(
  element: TwimlElement | undefined,
  url: string,
): { code: number; message: string } | undefined {
  const track = element?.attributes.track ?? 'inbound_track';
  if (track !== 'inbound_track')
    return {
      code: NOTICES.streamInvalidTrack,
      message: `a bidirectional stream carries inbound_track only, not ${track}`,
    };
  return MediaStream.addressFault(url);
}

function openStream(call: NetworkCall, element: TwimlElement, url: string, base: string): MediaStream {
  const { accountSid, callSid } = call.parties;
  const customParameters = Object.fromEntries(
    element.children
      .filter((child) => child.name === 'Parameter')
      .map((child) => [child.attributes.name ?? '', child.attributes.value ?? '']),
  );
  const { name, statusCallback, statusCallbackMethod } = element.attributes;
  return new MediaStream(
    { url, name, customParameters, accountSid, callSid, authToken: call.network.authToken },
    call.media,
    {
      notice: (code, message) => call.report(code, message),
      cleared: (bytes) => void call.emit('cleared', bytes),
      event: (event, streamSid, error) => {
        if (!statusCallback) return;
        const fields = {
          StreamEvent: event,
          StreamSid: streamSid,
          Timestamp: twilioDate(new Date()),
          ...(name ? { StreamName: name } : {}),
          ...(error ? { StreamError: error } : {}),
        };
        void call.tell(absolute(statusCallback, base), statusCallbackMethod ?? 'POST', fields);
      },
    },
  );
}

function afterStream(call: NetworkCall, verb: TwimlElement, base: string, abnormal: boolean): Outcome {
  const { action, method } = verb.attributes;
  if (!action) return NEXT;
  if (abnormal && !call.network.actionAfterAbnormalClose) return NEXT;
  return { kind: 'goto', url: absolute(action, base), method: method ?? 'POST', fields: {} };
}
