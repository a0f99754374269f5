import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { CountryCode } from 'libphonenumber-js';
import type { NormaliseNumber } from '../domain/captured-fields.js';

/** Reads numbers as people in `region` dial them. @param region ISO 3166-1 alpha-2 */
export const normaliserFor = (region: string): NormaliseNumber => {
  const country: CountryCode | undefined = isSupportedCountry(region) ? region : undefined;
  return (said) => {
    const number = parsePhoneNumberFromString(said, country === undefined ? {} : { defaultCountry: country });
    return number?.isPossible() ? number.number : undefined;
  };
};
