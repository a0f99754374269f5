import { createHmac } from 'node:crypto';
import { deriveKey, open, seal } from './sealing.js';

/** Encrypts one tenant's personal data in one domain. */
export class FieldCipher {
  private readonly fieldKey: Buffer;
  private readonly lookupKey: Buffer;

  constructor(
    dataKey: Uint8Array,
    private readonly scope: string,
  ) {
    this.fieldKey = deriveKey(dataKey, `${scope}/fields`);
    this.lookupKey = deriveKey(dataKey, `${scope}/lookup`);
  }

  /** @param aad where it is stored, "table.column": a value moved to another column or tenant does not open. */
  seal(plain: string, aad: string): Uint8Array<ArrayBuffer> {
    return seal(this.fieldKey, Buffer.from(plain, 'utf8'), `${this.scope}|${aad}`);
  }

  /** @throws when the value was sealed for another tenant or column, or was changed. */
  open(sealed: Uint8Array, aad: string): string {
    return open(this.fieldKey, sealed, `${this.scope}|${aad}`).toString('utf8');
  }

  /** A keyed hash to look a value up by, hex; equal values of different tenants have different hashes. */
  hash(value: string): string {
    return createHmac('sha256', this.lookupKey).update(value, 'utf8').digest('hex');
  }
}
