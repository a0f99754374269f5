/**
 * The Realtime socket that belongs to an API base URL: `https://api.openai.com/v1` -> `wss://api.openai.com/v1/realtime?model=...`.
 * A plain http base gives a plain ws socket: what stands there decides, not we.
 */
export const realtimeAddress = (baseUrl: string, model: string): string => {
  const url = new URL(baseUrl);
  url.protocol = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws:' : 'wss:';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/realtime`;
  url.searchParams.set('model', model);
  return url.toString();
};
