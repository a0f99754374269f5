/** What a session was, for whoever tests its client. Bounded lists: the newest entries are kept. */
export interface SessionRecord {
  readonly id: string;
  readonly model: string;
  readonly openedAtMs: number;
  closedCode: number | undefined;
  instructions: string;
  /** Client events by type. */
  readonly received: Record<string, number>;
  /** Codes of refused client events. */
  readonly refused: BoundedList<string>;
  readonly heard: BoundedList<{ readonly text: string; readonly exact: boolean }>;
  readonly said: BoundedList<string>;
}

const LIST_LIMIT = 200;

export class BoundedList<T> extends Array<T> {
  override push(...items: T[]): number {
    const length = super.push(...items);
    if (length > LIST_LIMIT) this.splice(0, length - LIST_LIMIT);
    return this.length;
  }
}

export function newSessionRecord(id: string, model: string, openedAtMs: number): SessionRecord {
  return {
    id,
    model,
    openedAtMs,
    closedCode: undefined,
    instructions: '',
    received: {},
    refused: new BoundedList<string>(),
    heard: new BoundedList<{ text: string; exact: boolean }>(),
    said: new BoundedList<string>(),
  };
}
