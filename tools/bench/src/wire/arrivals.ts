/** From the first to the last missing sequence number of a call. */
export type Gap = readonly [call: number, from: number, to: number];

/** Watches the sequence numbers of one call in one direction. */
export class Arrivals {
  readonly call: number;
  /** The first that came; undefined before. */
  first: number | undefined;
  last = -1;
  received = 0;
  /** Came after a later one, or twice. */
  disordered = 0;
  readonly gaps: Gap[] = [];

  constructor(call: number) {
    this.call = call;
  }

  take(sequence: number): void {
    this.received += 1;
    if (this.first === undefined) {
      this.first = sequence;
      this.last = sequence;
    } else if (sequence <= this.last) this.disordered += 1;
    else {
      if (sequence > this.last + 1) this.gaps.push([this.call, this.last + 1, sequence - 1]);
      this.last = sequence;
    }
  }
}

/** What an arrival report says when it has crossed a process boundary. */
export interface Arrived {
  readonly call: number;
  readonly first: number | null;
  readonly last: number;
  readonly disordered: number;
  readonly gaps: readonly Gap[];
}

export interface Losses {
  /** Before the first that came: the other side was not open yet. */
  readonly atStart: number;
  /** Afterwards. */
  readonly later: number;
  readonly disordered: number;
}

/**
 * How many of the frames sent did not come, and how many came in disorder.
 * @param sentOf how many frames were sent for a call
 * @param excused frames that may be missing, e.g. of an answer that the caller has interrupted
 */
export const lossesOf = (
  arrived: readonly Arrived[],
  sentOf: ReadonlyMap<number, number>,
  excused: readonly Gap[] = [],
): Losses => {
  const byCall = new Map(arrived.map((each) => [each.call, each]));
  let atStart = 0;
  let later = 0;
  let disordered = 0;
  for (const [call, sent] of sentOf) {
    const one = byCall.get(call);
    const first = one?.first ?? sent;
    atStart += first;
    disordered += one?.disordered ?? 0;
    const gaps = [...(one?.gaps ?? [])];
    if (one && one.last + 1 < sent) gaps.push([call, one.last + 1, sent - 1]);
    for (const [, from, to] of gaps)
      later += missing(
        from,
        to,
        excused.filter(([whose]) => whose === call),
      );
  }
  return { atStart, later, disordered };
};

const missing = (from: number, to: number, excused: readonly Gap[]): number => {
  let count = 0;
  for (let sequence = from; sequence <= to; sequence += 1)
    if (!excused.some(([, first, last]) => sequence >= first && sequence <= last)) count += 1;
  return count;
};
