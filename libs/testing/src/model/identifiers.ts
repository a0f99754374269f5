import { randomBytes } from 'node:crypto';

/** An id in the form that OpenAI uses: a prefix that tells the kind, and 21 characters. */
export function newModelId(
  prefix: 'sess' | 'conv' | 'item' | 'resp' | 'event' | 'call' | 'msg' | 'req',
): string {
  return `${prefix}_${randomBytes(16).toString('base64url').replace(/[-_]/gu, 'x').slice(0, 21)}`;
}
