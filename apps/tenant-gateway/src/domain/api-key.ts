/** An API key as its owner holds it: `tl_<id>_<secret>`. The id may be shown; the secret is seen once. */
export interface ApiKeyText {
  readonly keyId: string;
  readonly secret: string;
}

const KEY = /^tl_([a-z0-9]{16})_([A-Za-z0-9]{43})$/;

/** Undefined for anything that could not be a key, so that nothing else reaches the database. */
export const readApiKey = (text: string): ApiKeyText | undefined => {
  const [, keyId, secret] = KEY.exec(text) ?? [];
  return keyId !== undefined && secret !== undefined ? { keyId, secret } : undefined;
};

export const writeApiKey = ({ keyId, secret }: ApiKeyText): string => `tl_${keyId}_${secret}`;
