/**
 * Names one run of a bridge instance: an instance that has been started again has none of the calls it had before, though it
 * answers to the same name. Instances' names are tokens of a NATS subject and so have no dot.
 */
export const runOf = (instance: string, startedAtMs: number | undefined): string =>
  startedAtMs === undefined ? instance : `${instance}.${startedAtMs.toString(36)}`;

/** The name by which the instance is addressed. */
export const instanceOf = (run: string): string => run.split('.', 1)[0] ?? run;
