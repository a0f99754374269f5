import { createHmac, hkdfSync } from 'node:crypto';

/**
 * The hash by which a phone number is known to belong to somebody. Keyed, since ten digits are soon tried; one key
 * for all tenants, since two of them must not have the same number.
 */
export class NumberIndex {
  readonly #key: Buffer;

  constructor(masterKey: Uint8Array) {
    this.#key = Buffer.from(hkdfSync('sha256', masterKey, '', 'tenants/number-index', 32));
  }

  hash(number: string): string {
    return createHmac('sha256', this.#key).update(number).digest('hex');
  }
}
