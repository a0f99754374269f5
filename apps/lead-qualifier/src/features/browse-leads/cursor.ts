import { RpcRefused } from '@tradeline/messaging';

const CURSOR = /^ld_[0-9a-f]{32}$/;

/** Where the next page begins. Opaque to whoever holds it: what is inside may change. */
export const cursorAfter = (leadId: string): string => Buffer.from(leadId, 'utf8').toString('base64url');

/** @throws RpcRefused when it is not a cursor we gave out. */
export const leadIdOf = (cursor: string): string | undefined => {
  if (cursor === '') return undefined;
  const leadId = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!CURSOR.test(leadId)) throw new RpcRefused('invalid', 'not a cursor of this list');
  return leadId;
};
