import { randomBytes } from 'node:crypto';

/** What Twilio puts in front of the 32 hexadecimal digits, per kind of thing. */
export type SidPrefix = 'AC' | 'CA' | 'MZ' | 'SM' | 'PN' | 'RE' | 'MG' | 'NO';

/** A new SID in Twilio's shape: two letters and 32 lower-case hexadecimal digits. */
export function newSid(prefix: SidPrefix): string {
  return prefix + randomBytes(16).toString('hex');
}

export function isSid(prefix: SidPrefix, value: string): boolean {
  return new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(value);
}
