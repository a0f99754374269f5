/** A position in a tenant's calls, newest first. */
export interface CallPosition {
  readonly startedAt: Date;
  readonly callId: string;
}

const POSITION = /^(\d{1,15})\.(ca_[0-9a-f]{32})$/;

/** The cursor of the page that begins after this call; opaque to whoever asks. */
export const cursorAfter = ({ startedAt, callId }: CallPosition): string =>
  Buffer.from(`${startedAt.getTime()}.${callId}`).toString('base64url');

/** Undefined for the first page. */
export const positionOf = (cursor: string): CallPosition | undefined | 'invalid' => {
  if (cursor === '') return undefined;
  const parts = POSITION.exec(Buffer.from(cursor, 'base64url').toString());
  const [, startedAtMs, callId] = parts ?? [];
  if (startedAtMs === undefined || callId === undefined) return 'invalid';
  return { startedAt: new Date(Number(startedAtMs)), callId };
};
