import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { fill } from './mail-texts.js';
import type { MailLanguage, MailTexts } from './mail-texts.js';

/** Tagalog is known to Intl as Filipino; English and Spanish differ by country, so the tenant's own tag decides. */
const localeOf = (language: MailLanguage, tag: string): string => {
  if (language === 'tl') return 'fil';
  try {
    const [supported] = Intl.DateTimeFormat.supportedLocalesOf(tag);
    if (supported?.includes('-')) return supported;
  } catch {
    // Not a language tag: the mail has a language all the same.
  }
  return language === 'en' ? 'en-CA' : language;
};

/** @param tag the tenant's language, BCP-47; @param timeZone IANA */
export const formatTime = (at: Date, language: MailLanguage, tag: string, timeZone: string): string => {
  const locale = localeOf(language, tag);
  const options = { dateStyle: 'full', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: timeZone || 'UTC' }).format(at);
  } catch {
    // A zone that this platform does not know must not keep a lead from its owner.
    return `${new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at)} UTC`;
  }
};

export const formatDuration = (durationMs: number, texts: MailTexts): string => {
  const seconds = Math.round(durationMs / 1000);
  const values = { minutes: String(Math.floor(seconds / 60)), seconds: String(seconds % 60) };
  return fill(seconds < 60 ? texts.secondsOf : texts.durationOf, values);
};

const NORTH_AMERICA = '1';

/**
 * A number as one reads it: "(613) 555-0142" in English, "613 555-0142" in French as the Office québécois de la langue
 * française has it, "+1 613 555 0142" (ITU-T E.123) otherwise and abroad. Left as it is when it is no number.
 */
export const formatNumber = (number: string, language: MailLanguage): string => {
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed?.isPossible()) return number;
  if (parsed.countryCallingCode !== NORTH_AMERICA) return parsed.formatInternational();
  if (language === 'en') return parsed.formatNational();
  if (language === 'fr-CA') return parsed.nationalNumber.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2-$3');
  return parsed.formatInternational();
};
