import type { LeadContent } from '../../domain/parcel.js';

/** What identifies a caller at the remote; both may be missing. */
export interface Identity {
  readonly phone: string;
  readonly email: string;
}

const EMAIL = /^[^\s@<>"',;()]+@[^\s@<>"',;()]+\.[^\s@<>"',;()]+$/;
const E164 = /^\+[1-9]\d{6,14}$/;

export const identityOf = (content: LeadContent): Identity => ({
  phone: E164.test(content.phone) ? content.phone : '',
  email: EMAIL.test(content.email) ? content.email.toLowerCase() : '',
});

/** The contact's properties as a caller gave them; only what was given. */
export const contactProperties = (
  content: LeadContent,
  identity: Identity,
): Readonly<Record<string, string>> => {
  const [firstname = '', ...rest] = content.callerName.trim().split(/\s+/);
  const all = { firstname, lastname: rest.join(' '), phone: identity.phone, email: identity.email };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
};

/** What a record lacks. A person's entry in the CRM wins over what was heard on the telephone. */
export const blanksOf = (
  held: Readonly<Record<string, string | null>>,
  heard: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(heard).filter(([name]) => !held[name]));

/** The part of a North American number that HubSpot searches by, and otherwise all digits. */
export const searchableDigits = (phone: string): string => {
  const digits = phone.replace(/\D/g, '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
};
