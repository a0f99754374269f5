import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { FieldKey, Normalise } from './conversation-state.js';

const MAX_SUMMARY_WORDS = 50;
const MAX_VALUE_CHARACTERS = 500;
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
  return /^[^@]+@[^@]+\.[^@.]+$/.test(address)
    ? { value: address }
    : { reason: 'That is not a complete e-mail address. Ask the caller to spell it.' };
};

const answer = (value: string): Normalised => {
  const word = value.toLowerCase().replace(/[.!]$/, '');
  if (YES.has(word)) return { value: 'yes' };
  if (NO.has(word)) return { value: 'no' };
  return { reason: 'A consent is "yes" or "no". Ask again.' };
};

const words = (value: string, atMost: number): Normalised => ({
  value: value.split(/\s+/).slice(0, atMost).join(' '),
});

/**
 * The form of each field: numbers E.164, mail addresses without spaces, consents "yes" or "no", a summary of at most 50 words.
 * @param region where national numbers are read, ISO 3166-1 alpha-2
 */
export const normaliseFor =
  (region: string): Normalise =>
  (name: FieldKey, value: string): Normalised => {
    if (value === '') return { reason: 'There is no value.' };
    if (value.length > MAX_VALUE_CHARACTERS && name !== 'job_summary')
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
        return words(value, MAX_SUMMARY_WORDS);
      case 'caller_name':
      case 'preferred_datetime':
        return { value };
    }
  };
