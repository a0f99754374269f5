import type { CallStatus } from './call-fields.js';
import { playConnect } from './connect-verb.js';
import { playDial, playGather, playRecord } from './collecting-verbs.js';
import type { NetworkCall } from './network-call.js';
import { NOTICES } from './notices.js';
import { readAudioFile } from './sound.js';
import { pause } from './time-source.js';
import type { TwimlElement } from './twiml.js';
import type { FormFields } from './webhooks.js';

/** What a verb leads to: the next verb, another document, or the end of the call. */
export type Outcome =
  | { readonly kind: 'next' }
  | { readonly kind: 'goto'; readonly url: string; readonly method: string; readonly fields: FormFields }
  | { readonly kind: 'end'; readonly status: CallStatus; readonly reason: string };

export const NEXT: Outcome = { kind: 'next' };

/** Plays one verb to its end; returns early with `next` when `signal` is aborted (hang-up or REST redirect). */
export function playVerb(
  call: NetworkCall,
  verb: TwimlElement,
  base: string,
  signal: AbortSignal,
): Promise<Outcome> | Outcome {
  switch (verb.name) {
    case 'Say':
    case 'Play':
    case 'Pause':
      return playSound(call, verb, base, signal).then(() => NEXT);
    case 'Reject':
      return {
        kind: 'end',
        status: verb.attributes.reason === 'busy' ? 'busy' : 'no-answer',
        reason: 'rejected',
      };
    case 'Hangup':
      return { kind: 'end', status: 'completed', reason: 'hangup-verb' };
    case 'Redirect':
      return {
        kind: 'goto',
        url: absolute(verb.text, base),
        method: verb.attributes.method ?? 'POST',
        fields: {},
      };
    case 'Gather':
      return playGather(call, verb, base, signal);
    case 'Record':
      return playRecord(call, verb, base, signal);
    case 'Connect':
      return playConnect(call, verb, base, signal);
    case 'Dial':
      return playDial(call, verb, base, signal);
    default:
      throw new Error(`the schema lets <${verb.name}> through and nothing plays it`);
  }
}

/** Plays a Say, Play or Pause until the caller has heard all of it. */
export async function playSound(
  call: NetworkCall,
  element: TwimlElement,
  base: string,
  signal: AbortSignal,
): Promise<void> {
  if (element.name === 'Pause') {
    await pause(call.network.time, Number(element.attributes.length ?? '1') * 1000, signal);
    return;
  }
  const audio =
    element.name === 'Say' ? await spoken(call, element) : await fetched(call, absolute(element.text, base));
  const loops = Math.max(1, Number(element.attributes.loop ?? '1'));
  for (let loop = 0; loop < loops && !signal.aborted; loop += 1) await playOut(call, audio, signal);
}

async function spoken(call: NetworkCall, element: TwimlElement): Promise<Uint8Array> {
  call.emit('said', element.text);
  return call.network.speak(element.text, element.attributes.language ?? 'en-US');
}

async function fetched(call: NetworkCall, url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
    const contentType = response.headers.get('content-type') ?? '';
    const audio = response.ok
      ? readAudioFile(new Uint8Array(await response.arrayBuffer()), contentType)
      : undefined;
    if (audio) return audio;
    call.report(
      NOTICES.playUnreadable,
      `${url} answered ${response.status} "${contentType}": no audio that can be played`,
    );
  } catch (error) {
    call.report(NOTICES.playUnreadable, `${url}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return new Uint8Array();
}

/** Resolves when the last byte has been heard, on the call's own media clock. */
async function playOut(call: NetworkCall, audio: Uint8Array, signal: AbortSignal): Promise<void> {
  const { playout } = call.media;
  playout.append(audio);
  const endBytes = playout.playedBytes + playout.bufferedBytes;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = call.media.onFrame(() => {
      if (playout.playedBytes >= endBytes) done();
    });
    if (signal.aborted || audio.length === 0) done();
    else signal.addEventListener('abort', done, { once: true });
  });
  if (signal.aborted) playout.clear();
}

/** TwiML addresses may be relative to the document that holds them. */
export function absolute(url: string, base: string): string {
  return URL.canParse(url) ? url : new URL(url, base).toString();
}
