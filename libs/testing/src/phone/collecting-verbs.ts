import { newSid } from './identifiers.js';
import { twilioDate } from './call-fields.js';
import type { NetworkCall } from './network-call.js';
import { pause } from './time-source.js';
import type { TwimlElement } from './twiml.js';
import { absolute, NEXT, playSound, type Outcome } from './verbs.js';

/** <Gather input="dtmf">: prompts, then digits until `numDigits`, `finishOnKey` or `timeout`. Speech is not recognised. */
export async function playGather(
  call: NetworkCall,
  verb: TwimlElement,
  base: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const {
    action,
    method,
    numDigits,
    finishOnKey = '#',
    timeout = '5',
    actionOnEmptyResult,
  } = verb.attributes;
  const complete = new AbortController();
  const heard = AbortSignal.any([signal, complete.signal]);
  let digits = '';
  let finishedOnKey = '';
  let silence = new AbortController();
  const stopListening = call.onDigit((digit) => {
    silence.abort();
    if (digit === finishOnKey) {
      finishedOnKey = digit;
      return complete.abort();
    }
    digits += digit;
    if (numDigits && digits.length >= Number(numDigits)) complete.abort();
  });
  const untilFirstDigit = AbortSignal.any([heard, silence.signal]);
  for (const prompt of verb.children)
    if (!untilFirstDigit.aborted) await playSound(call, prompt, base, untilFirstDigit);
  // Each digit gives the caller the whole time again.
  do silence = new AbortController();
  while (
    !heard.aborted &&
    !(await pause(call.network.time, Number(timeout) * 1000, AbortSignal.any([heard, silence.signal])))
  );
  stopListening();
  if (signal.aborted || (digits === '' && actionOnEmptyResult !== 'true')) return NEXT;
  return {
    kind: 'goto',
    url: absolute(action ?? base, base),
    method: method ?? 'POST',
    fields: { Digits: digits, FinishedOnKey: finishedOnKey },
  };
}

/** <Record>: ends when the caller has been silent for `timeout`, pressed `finishOnKey`, or `maxLength` is full. */
export async function playRecord(
  call: NetworkCall,
  verb: TwimlElement,
  base: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const {
    action,
    method,
    timeout = '5',
    maxLength = '3600',
    finishOnKey = '1234567890*#',
    recordingStatusCallback,
    recordingStatusCallbackMethod,
  } = verb.attributes;
  const recordedMs = await recordCaller(
    call,
    { silenceMs: Number(timeout) * 1000, maxMs: Number(maxLength) * 1000, finishOnKey },
    signal,
  );
  const recordingSid = newSid('RE');
  const fields = {
    RecordingSid: recordingSid,
    RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${call.parties.accountSid}/Recordings/${recordingSid}`,
    RecordingDuration: String(Math.ceil(recordedMs / 1000)),
  };
  if (recordingStatusCallback) {
    void call.tell(absolute(recordingStatusCallback, base), recordingStatusCallbackMethod ?? 'POST', {
      ...fields,
      RecordingStatus: 'completed',
      RecordingStartTime: twilioDate(new Date()),
    });
  }
  if (signal.aborted) return NEXT;
  return { kind: 'goto', url: absolute(action ?? base, base), method: method ?? 'POST', fields };
}

function recordCaller(
  call: NetworkCall,
  limits: { silenceMs: number; maxMs: number; finishOnKey: string },
  signal: AbortSignal,
): Promise<number> {
  const startMs = call.media.elapsedMs;
  let lastSpokenMs = startMs;
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      stopListening();
      signal.removeEventListener('abort', done);
      resolve(call.media.elapsedMs - startMs);
    };
    const stopListening = call.onDigit((digit) => {
      if (limits.finishOnKey.includes(digit)) done();
    });
    const stop = call.media.onFrame((frame) => {
      if (frame.callerSpeaks) lastSpokenMs = frame.atMs;
      if (frame.atMs - lastSpokenMs >= limits.silenceMs || frame.atMs - startMs >= limits.maxMs) done();
    });
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}

/** <Dial> of one number: what the network was told becomes of it, then `action` with its result. */
export async function playDial(
  call: NetworkCall,
  verb: TwimlElement,
  base: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const { action, method, timeout = '30' } = verb.attributes;
  const number = verb.children.find((child) => child.name === 'Number')?.text ?? verb.text;
  const leg = call.network.dialed(number);
  await pause(
    call.network.time,
    leg.status === 'no-answer' ? Math.min(leg.durationMs, Number(timeout) * 1000) : leg.durationMs,
    signal,
  );
  if (signal.aborted || !action) return NEXT;
  return {
    kind: 'goto',
    url: absolute(action, base),
    method: method ?? 'POST',
    fields: {
      DialCallStatus: leg.status,
      DialCallSid: newSid('CA'),
      ...(leg.status === 'completed' ? { DialCallDuration: String(Math.ceil(leg.durationMs / 1000)) } : {}),
    },
  };
}
