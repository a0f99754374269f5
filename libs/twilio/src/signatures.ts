import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js';

/** The header in which Twilio signs webhooks and the media stream's WebSocket handshake. */
export const SIGNATURE_HEADER = 'x-twilio-signature';

/** Form parameters of a webhook as Twilio signs them. */
export type WebhookParams = Readonly<Record<string, string | readonly string[]>>;

export interface SignedRequest {
  readonly authToken: string;
  /** The header's value; a missing one never verifies. */
  readonly signature: string | undefined;
  /** The complete URL as Twilio knows it, with its query string: see `publicUrlOf`. */
  readonly url: string;
  /** The decoded form parameters; empty for a GET and for a handshake. */
  readonly params?: WebhookParams;
}

/**
 * Whether Twilio signed this webhook with the account's auth token: base64 of HMAC-SHA1 over the URL
 * followed by the parameters sorted by name, with and without the URL's port.
 * Source: https://www.twilio.com/docs/usage/security#validating-requests
 */
export const verifyWebhookSignature = ({ authToken, signature, url, params = {} }: SignedRequest): boolean =>
  signature !== undefined && URL.canParse(url) && validateRequest(authToken, signature, url, { ...params });

/** The signature that Twilio would send with this webhook; for whoever plays Twilio. */
export const signWebhook = (authToken: string, url: string, params: WebhookParams = {}): string =>
  getExpectedTwilioSignature(authToken, url, { ...params });

/** The signature that Twilio would send with this WebSocket handshake; for whoever plays Twilio. */
export const signHandshake = (authToken: string, streamUrl: string): string =>
  signWebhook(authToken, streamUrl);

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'wss:': ':443', 'ws:': ':80' };
const STREAM_URL = /^(wss?:)\/\/([^/?#:]+|\[[^\]]+\])(:\d+)?([/?#].*)?$/i;

/**
 * Whether Twilio signed the handshake of a media stream. The signature covers the stream's URL as the TwiML
 * named it, `wss://` included, without parameters. The official validator would add port 80 to a `wss` URL, so
 * the variants with the right default port are tried here as well.
 */
export const verifyHandshakeSignature = ({
  authToken,
  signature,
  url,
}: Omit<SignedRequest, 'params'>): boolean => {
  const parts = STREAM_URL.exec(url);
  if (!parts || signature === undefined) return false;
  const [, scheme = '', host = '', port = '', rest = ''] = parts;
  const defaultPort = DEFAULT_PORTS[scheme.toLowerCase()] ?? '';
  const variants = new Set([port, '', ...(port === '' ? [defaultPort] : [])]);
  return [...variants].some((variant) =>
    verifyWebhookSignature({ authToken, signature, url: `${scheme}//${host}${variant}${rest}` }),
  );
};

/**
 * The URL that Twilio requested and signed: the configured public base, then the request's own path and query,
 * character for character. The Host header and X-Forwarded-* have no say: whoever sends the request writes them.
 *
 * @param publicUrl PUBLIC_URL, with or without a path and a trailing slash
 * @param pathAndQuery as received, e.g. express's `originalUrl`
 */
export const publicUrlOf = (publicUrl: string, pathAndQuery: string): string =>
  `${publicUrl.replace(/\/+$/, '')}${pathAndQuery.startsWith('/') ? '' : '/'}${pathAndQuery}`;

/** The same address for a WebSocket: http becomes ws, https becomes wss. */
export const streamUrlOf = (publicUrl: string, path: string): string =>
  publicUrlOf(publicUrl, path).replace(/^http(?=s?:)/i, 'ws');
