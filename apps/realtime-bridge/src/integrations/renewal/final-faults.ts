import { severityOf } from '../openai-realtime/realtime-errors.js';
import { speechSeverity } from '../openai-text-elevenlabs/speech-errors.js';

const SPEECH = /^speech_/;

/** A fault that the next session would meet as well: who we are, what we may spend, and what we ask for at all. */
export const isFinal = (fault: string): boolean => {
  if (fault === 'session_expired') return false;
  if (fault === 'closed_by_us' || fault === 'forbidden') return true;
  return SPEECH.test(fault)
    ? speechSeverity(fault.replace(SPEECH, '')) === 'fatal'
    : severityOf(fault, '', undefined) === 'fatal';
};
