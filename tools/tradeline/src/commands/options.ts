import { InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { DEFAULT_DATA_DIR } from '../paths.ts';

export const dataDirOption = (): Option =>
  new Option(
    '--data-dir <dir>',
    'where this platform keeps its data; two with different directories run side by side',
  )
    .default(process.env.TRADELINE_DATA_DIR ?? DEFAULT_DATA_DIR)
    .argParser((value) => resolve(value));

export const wholeNumber =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
    }
    return number;
  };
