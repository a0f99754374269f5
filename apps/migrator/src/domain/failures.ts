/** What kept a run from its end. Each has an exit status, for scripts and orchestrators. */
export class MigrationFailure extends Error {
  readonly exitStatus: number;

  constructor(exitStatus: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitStatus = exitStatus;
  }
}

export const EXIT = {
  done: 0,
  migrationFailed: 1,
  wrongEnvironment: 2,
  alreadyRunning: 3,
  serverUnusable: 4,
} as const;

/** A script failed or was changed after it ran. A person must look: trying again does not help. */
export const migrationFailed = (message: string): MigrationFailure =>
  new MigrationFailure(EXIT.migrationFailed, message);

export const alreadyRunning = (domain: string): MigrationFailure =>
  new MigrationFailure(EXIT.alreadyRunning, `${domain}: another migrator is at work: wait for its end`);

export const serverUnusable = (domain: string, cause: unknown): MigrationFailure =>
  new MigrationFailure(
    EXIT.serverUnusable,
    `${domain}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
