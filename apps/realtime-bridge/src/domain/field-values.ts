import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { FieldKey, Normalise } from './conversation-state.js';
import { plainText } from './plain-text.js';

const MAX_SUMMARY_WORDS = 50;
/** Beyond these nothing is a name, an address or a time, whatever else it may be. */
const MAX_CHARACTERS: Readonly<Record<FieldKey, number>> = {
  caller_name: 100,
  callback_number: 50,
  email: 254,
  job_summary: 500,
  preferred_datetime: 200,
  consent_recording: 50,
  consent_sms_opt_in: 50,
};
const YES = new Set(['yes', 'y', 'true', 'oui', 'sí', 'si', 'oo', 'opo']);
const NO = new Set(['no', 'n', 'false', 'non', 'hindi']);

type Normalised = ReturnType<Normalise>;

const phoneNumber = (value: string, region: string): Normalised => {
  const country = region.toUpperCase();
  const number = parsePhoneNumberFromString(
    value,
    isSupportedCountry(country) ? (country as CountryCode) : undefined,
  );
  return number?.isPossible()
    ? { value: number.number }
    : { reason: 'That is not a complete phone number. Ask for it again, with the area code.' };
};

const mailAddress = (value: string): Normalised => {
  const address = value.replace(/\s+/g, '').toLowerCase();
  return /^[^@"'<>()[\]{},:;\\]+@[^@"'<>()[\]{},:;\\]+\.[^@.]+$/.test(address)
    ? { value: address }
    : { reason: 'That is not a complete e-mail address. Ask the caller to spell it.' };
};

const answer = (value: string): Normalised => {
  const word = value.toLowerCase().replace(/[.!]$/, '');
  if (YES.has(word)) return { value: 'yes' };
  if (NO.has(word)) return { value: 'no' };
  return { reason: 'A consent is "yes" or "no". Ask again.' };
};

const summary = (value: string): Normalised => ({
  value: plainText(
    value.split(' ').slice(0, MAX_SUMMARY_WORDS).join(' ').slice(0, MAX_CHARACTERS.job_summary),
  ),
});

/**
 * The form of each field: numbers E.164, mail addresses without spaces, consents "yes" or "no", a summary of at most 50
 * words, and all of them one line of bounded length.
 * @param region where national numbers are read, ISO 3166-1 alpha-2
 */
export const normaliseFor =
  (region: string): Normalise =>
  (name: FieldKey, given: string): Normalised => {
    const value = plainText(given);
    if (value === '') return { reason: 'There is no value.' };
    if (value.length > MAX_CHARACTERS[name] && name !== 'job_summary')
      return { reason: 'The value is too long.' };
    switch (name) {
      case 'callback_number':
        return phoneNumber(value, region);
      case 'email':
        return mailAddress(value);
      case 'consent_recording':
      case 'consent_sms_opt_in':
        return answer(value);
      case 'job_summary':
        return summary(value);
      case 'caller_name':
      case 'preferred_datetime':
        return { value };
    }
  };
