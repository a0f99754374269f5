import type { Caller } from './caller.js';

/** Who holds which key. Abstract, since features do not import each other: signing in implements it. */
export abstract class KeyHolders {
  /** @returns undefined when nobody holds the key. */
  abstract byKey(text: string): Promise<Caller | undefined>;

  /** A revoked key stops working in this process at once. */
  abstract forget(keyId: string): void;
}
