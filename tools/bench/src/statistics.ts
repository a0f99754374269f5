/** The middle value, or the mean of the two in the middle; undefined of nothing. */
export const median = (values: readonly number[]): number | undefined => {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/** The smallest value that at least this share of the values does not exceed; undefined of nothing. */
export const percentile = (values: readonly number[], share: number): number | undefined => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
};

export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The median of several rounds and how far they lie apart; what a round could not measure is left out. */
export const summarise = (values: readonly (number | undefined)[]): Summary | undefined => {
  const known = values.filter((value) => value !== undefined);
  const middle = median(known);
  return middle === undefined
    ? undefined
    : { median: middle, least: Math.min(...known), most: Math.max(...known) };
};

export const ratio = (one: Summary | undefined, other: Summary | undefined): number | undefined =>
  one === undefined || other === undefined || other.median === 0 ? undefined : one.median / other.median;
