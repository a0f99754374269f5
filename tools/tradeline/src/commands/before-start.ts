import { accessSync, constants, mkdirSync } from 'node:fs';
import { Failure } from '../failure.ts';

const OWNER_AND_READERS = 0o755;

/** @throws Failure when the data directory cannot be used */
const makeDataDir = (dataDir: string): void => {
  try {
    mkdirSync(dataDir, { recursive: true, mode: OWNER_AND_READERS });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'it, or something above it, is a file'
        : code === 'EACCES' || code === 'EROFS'
          ? 'it is not yours to write'
          : message;
    throw new Failure(
      `The data directory ${dataDir} cannot be used: ${why}.`,
      'Give a directory of your own with --data-dir.',
    );
  }
};

/** @throws Failure when PUBLIC_URL could be no address of the front door */
const checkPublicUrl = (value: string | undefined): void => {
  if (!value) return;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search) return;
  throw new Failure(
    `PUBLIC_URL is not an address of the front door: ${value}`,
    'It is like https://phone.example.com, without a path; without the variable, calls come from this machine only.',
  );
};

/** What can be known to fail is told before anything is started. */
export const beforeStart = (dataDir: string): void => {
  makeDataDir(dataDir);
  checkPublicUrl(process.env.PUBLIC_URL);
};
