import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';

export interface ConnectStream {
  /** Complete `wss://` URL without query string, which Twilio does not carry over. */
  readonly url: string;
  /** Reach the stream's `start` message as `customParameters`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Requested when the stream has ended; without it Twilio goes on with the next verb, here a hang-up. */
  readonly action?: string;
  /** Shown in Twilio's console and in the stream's status callbacks. */
  readonly name?: string;
  /** Told of stream-started, stream-stopped and stream-error. */
  readonly statusCallback?: string;
}

/** TwiML that opens a media stream in both directions. */
export const connectStream = ({
  url,
  parameters = {},
  action,
  name,
  statusCallback,
}: ConnectStream): string => {
  const response = new VoiceResponse();
  const connect = response.connect(action === undefined ? {} : { action, method: 'POST' });
  const stream = connect.stream({
    url,
    ...(name !== undefined && { name }),
    ...(statusCallback !== undefined && { statusCallback, statusCallbackMethod: 'POST' as const }),
  });
  for (const [parameter, value] of Object.entries(parameters)) stream.parameter({ name: parameter, value });
  return response.toString();
};

/** A sentence and the language it is written in. */
export interface Sentence {
  readonly text: string;
  /** BCP-47; one that Twilio cannot speak is spoken as English. */
  readonly language: string;
  /** Its sound, where Twilio finds it; without it Twilio's own voice says the text. */
  readonly recordingUrl?: string;
}

type SayAttributes = VoiceResponse.SayAttributes;

/**
 * The languages we speak through <Say>. Twilio has no "tl": Filipino (fil-PH), the standardised form of Tagalog,
 * stands in, and only Google's voices speak it, so that voice is named.
 */
const SPOKEN_LANGUAGES: readonly (readonly [prefix: string, attributes: SayAttributes])[] = [
  ['en', { language: 'en-CA' }],
  ['fr', { language: 'fr-CA' }],
  ['es', { language: 'es-MX' }],
  ['tl', { language: 'fil-PH', voice: 'Google.fil-PH-Wavenet-A' }],
  ['fil', { language: 'fil-PH', voice: 'Google.fil-PH-Wavenet-A' }],
];

const ENGLISH: SayAttributes = { language: 'en-CA' };

const sayAttributes = (language: string): SayAttributes => {
  const primary = language.toLowerCase().split('-')[0];
  return SPOKEN_LANGUAGES.find(([prefix]) => prefix === primary)?.[1] ?? ENGLISH;
};

/** TwiML that says or plays some sentences and hangs up. */
export const sayAndHangup = (...sentences: readonly Sentence[]): string => {
  const response = new VoiceResponse();
  for (const { text, language, recordingUrl } of sentences)
    if (recordingUrl === undefined) response.say({ ...sayAttributes(language) }, text);
    else response.play(recordingUrl);
  response.hangup();
  return response.toString();
};

/** TwiML that says a sentence, then opens a media stream: for a caller who has to be kept a moment longer. */
export const sayThenConnectStream = ({ text, language }: Sentence, stream: ConnectStream): string => {
  const say = new VoiceResponse();
  say.say({ ...sayAttributes(language) }, text);
  const [spoken = ''] = say.toString().split('<Response>').slice(1).join('').split('</Response>');
  return connectStream(stream).replace('<Response>', () => `<Response>${spoken}`);
};

/** TwiML that ends the call without a word. */
export const hangup = (): string => {
  const response = new VoiceResponse();
  response.hangup();
  return response.toString();
};

/** TwiML that refuses the call before it is answered, so that nobody pays for it. */
export const reject = (reason: 'busy' | 'rejected' = 'busy'): string => {
  const response = new VoiceResponse();
  response.reject({ reason });
  return response.toString();
};
