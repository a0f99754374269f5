/**
 * The part of Twilio's voice TwiML that the fake follows, as its documentation lists verbs, nouns and attributes.
 * A name that is absent here is refused like a misspelt one, so the product cannot lean on what was never played.
 */
type Check = (value: string) => boolean;

const anything: Check = () => true;
const whole: Check = (value) => /^\d+$/.test(value);
const yesOrNo: Check = (value) => value === 'true' || value === 'false';
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value);
const method = oneOf('GET', 'POST');
/** Absolute or relative, without blanks. */
const url: Check = (value) => value.length > 0 && !/\s/.test(value);

interface ElementRule {
  readonly attributes: Readonly<Record<string, Check>>;
  readonly nouns: readonly string[];
}

const callback = { statusCallback: url, statusCallbackMethod: method };
const recordingCallback = {
  recordingStatusCallback: url,
  recordingStatusCallbackMethod: method,
  recordingStatusCallbackEvent: anything,
};

const RULES: Readonly<Record<string, ElementRule>> = {
  Say: { attributes: { voice: anything, language: anything, loop: whole }, nouns: [] },
  Play: { attributes: { loop: whole, digits: (value) => /^[0-9A-D#*wW]+$/.test(value) }, nouns: [] },
  Pause: { attributes: { length: whole }, nouns: [] },
  Reject: { attributes: { reason: oneOf('rejected', 'busy') }, nouns: ['Parameter'] },
  Hangup: { attributes: {}, nouns: ['Parameter'] },
  Redirect: { attributes: { method }, nouns: [] },
  Gather: {
    attributes: {
      action: url,
      method,
      timeout: whole,
      numDigits: whole,
      finishOnKey: (value) => /^[0-9#*]?$/.test(value),
      actionOnEmptyResult: yesOrNo,
      input: (value) => value.split(' ').every(oneOf('dtmf', 'speech')),
      language: anything,
      hints: anything,
      bargeIn: yesOrNo,
      speechTimeout: anything,
    },
    nouns: ['Say', 'Play', 'Pause'],
  },
  Record: {
    attributes: {
      action: url,
      method,
      timeout: whole,
      maxLength: whole,
      finishOnKey: anything,
      playBeep: yesOrNo,
      trim: oneOf('trim-silence', 'do-not-trim'),
      transcribe: yesOrNo,
      transcribeCallback: url,
      ...recordingCallback,
    },
    nouns: [],
  },
  Connect: { attributes: { action: url, method }, nouns: ['Stream'] },
  Stream: {
    attributes: {
      url,
      name: anything,
      track: oneOf('inbound_track', 'outbound_track', 'both_tracks'),
      ...callback,
    },
    nouns: ['Parameter'],
  },
  Parameter: { attributes: { name: anything, value: anything }, nouns: [] },
  Dial: {
    attributes: {
      action: url,
      method,
      timeout: whole,
      timeLimit: whole,
      callerId: anything,
      hangupOnStar: yesOrNo,
      answerOnBridge: yesOrNo,
      ringTone: anything,
      record: anything,
      trim: oneOf('trim-silence', 'do-not-trim'),
      sequential: yesOrNo,
      ...recordingCallback,
    },
    nouns: ['Number'],
  },
  Number: {
    attributes: { url, method, sendDigits: anything, statusCallbackEvent: anything, ...callback },
    nouns: [],
  },
};

/** What may stand directly in <Response>. */
export const VERBS: readonly string[] = [
  'Say',
  'Play',
  'Pause',
  'Reject',
  'Hangup',
  'Redirect',
  'Gather',
  'Record',
  'Connect',
  'Dial',
];

export function nounsOf(element: string): readonly string[] {
  return RULES[element]?.nouns ?? [];
}

/** Why Twilio's schema refuses the attribute, or undefined when it is fine. */
export function attributeFault(element: string, attribute: string, value: string): string | undefined {
  const check = RULES[element]?.attributes[attribute];
  if (!check) return `attribute "${attribute}" is not allowed in <${element}>`;
  return check(value) ? undefined : `"${value}" is not a value for ${attribute} in <${element}>`;
}
