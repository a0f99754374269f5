export { FakeTwilio, type FakeTwilioOptions, type IncomingCallOrder } from './fake-twilio.js';
export {
  FakePhone,
  PhoneCall,
  type FakePhoneOptions,
  type HeardText,
  type Recogniser,
} from './fake-phone.js';
export {
  NetworkCall,
  type CallEnd,
  type DialedLeg,
  type Instruction,
  type NumberSettings,
} from './network-call.js';
export { NOTICES, type Notice } from './notices.js';
export { type CallStatus } from './call-fields.js';
export { CallMedia, type MediaFrame } from './call-media.js';
export { Ear, type HeardUtterance } from './ear.js';
export { MAX_BUFFERED_BYTES, PlayoutBuffer } from './playout-buffer.js';
export { RawStream, type RawStreamOrder } from './raw-stream.js';
export {
  ScriptedProduct,
  type ProductScript,
  type ReceivedStream,
  type ScriptedAnswer,
} from './scripted-product.js';
export { signRequest } from './signature.js';
export { newSid, type SidPrefix } from './identifiers.js';
export { hum, humSpeech, type SpeechMaker } from './sound.js';
export { StreamWriter, readServerMessage } from './stream-messages.js';
export { realTime, type TimeSource } from './time-source.js';
export { parseTwiml, TwimlUnreadable } from './twiml.js';
