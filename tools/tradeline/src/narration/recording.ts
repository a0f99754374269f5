import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { Narration } from './sandbox-calls.ts';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'it is not yours to write',
  EISDIR: 'it is a directory',
  ENOENT: 'its directory does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'something above it is a file',
  EROFS: 'the file system is read-only',
};

const HEADER_BYTES = 44;

/** Colons, which `toISOString` has, are no part of a file's name everywhere. */
export const recordingName = (scenario: string, at: Date): string =>
  `${scenario}-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.wav`;

/** The file into which the sandbox's `recorded` lines go. */
export class Recording {
  readonly path: string;
  private readonly file: number;
  private written = false;

  /** @throws Failure when the file cannot be written */
  constructor(path: string) {
    this.path = resolve(path);
    this.file = this.orFail(() => openSync(this.path, 'w+'));
  }

  /** Takes the recording out of a call's narration and hands on the rest. */
  async *takeFrom(lines: AsyncIterable<Narration>): AsyncGenerator<Narration> {
    for await (const line of lines) {
      if (line.type !== 'recorded') yield line;
      else this.write(Buffer.from(line.bytes ?? '', 'base64'), line.at ?? 0);
    }
  }

  /** As its header says: bytes of sound by bytes a second. */
  get lengthMs(): number {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(this.file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return 0;
    return (header.readUInt32LE(40) / header.readUInt32LE(28)) * 1_000;
  }

  /** Leaves no file when nothing was recorded. */
  close(): void {
    closeSync(this.file);
    if (!this.written) rmSync(this.path, { force: true });
  }

  private write(bytes: Buffer, at: number): void {
    this.orFail(() => {
      for (let done = 0; done < bytes.length;)
        done += writeSync(this.file, bytes, done, bytes.length - done, at + done);
    });
    this.written = true;
  }

  private orFail<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      throw new Failure(
        `The recording ${this.path} cannot be written: ${WHY[code] ?? message}.`,
        'Name another file behind --record.',
      );
    }
  }
}
