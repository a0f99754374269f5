import { randomFillSync } from 'node:crypto';

/**
 * A new id, `<prefix>_` and a UUIDv7 (RFC 9562) in 32 hex digits: ids sort by the time they were made,
 * and the prefix tells the kind (`ca` call, `cv` conversation, `ld` lead, `ev` event, `dl` delivery, `tn` tenant).
 */
export const newId = (prefix: string): string => {
  if (!/^[a-z]{2,4}$/.test(prefix)) throw new Error(`not an id prefix: ${JSON.stringify(prefix)}`);
  const bytes = Buffer.alloc(16);
  randomFillSync(bytes, 6);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
  return `${prefix}_${bytes.toString('hex')}`;
};
