import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { writeWhole } from './write-whole.ts';

export interface ProcessAddress {
  readonly url: string;
  readonly pid: number | undefined;
}

/** What `up --json` prints, and what `call` and `trace` read. */
export interface PlatformState {
  readonly publicUrl: string;
  readonly services: Record<string, ProcessAddress | ProcessAddress[]>;
  readonly servers: Record<string, ProcessAddress>;
  readonly sandbox: ProcessAddress & { readonly mailbox: string };
  readonly tenant: { readonly id: string; readonly number: string; readonly apiKey: string };
  readonly dataDir: string;
}

const fileIn = (dataDir: string): string => join(dataDir, 'platform.json');

export const writeState = (state: PlatformState): void =>
  writeWhole(fileIn(state.dataDir), JSON.stringify(state, null, 2));

export const forgetState = (dataDir: string): void => rmSync(fileIn(dataDir), { force: true });

/** @throws Failure when no platform runs on this data directory */
export const readState = (dataDir: string): PlatformState => {
  const file = fileIn(dataDir);
  if (!existsSync(file)) {
    throw new Failure(
      `No platform is running on ${dataDir}.`,
      'Start one with ./tradeline up (or name its directory with --data-dir).',
    );
  }
  return JSON.parse(readFileSync(file, 'utf8')) as PlatformState;
};
