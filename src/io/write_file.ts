import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from './input_error.js';

/** What was computed cannot be written: the disk is full, say. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** A failed system call (disk full, access taken away) as WriteError; other errors as they are. */
export function asWriteError(path: string, error: unknown): unknown {
  return isSystemError(error) ? new WriteError(path, error) : error;
}

/** Whether the operating system refused something. */
export const isSystemError = (error: unknown): boolean =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';

/** One call writes less than 2 GiB. */
const MOST_BYTES = 2 ** 30;

/** Writes all of `bytes` from `position` on; `path` is for the error. Throws WriteError. */
export function writeAll(path: string, descriptor: number, bytes: Uint8Array, position: number): void {
  try {
    for (let done = 0; done < bytes.length; )
      done += writeSync(descriptor, bytes, done, Math.min(MOST_BYTES, bytes.length - done), position + done);
  } catch (error) {
    throw new WriteError(path, error);
  }
}

/**
 * Writes a file so that, whenever the process or the machine stops, `path` holds the old content or the new one whole:
 * the pieces go to `<path>.partial`, which is on the disk before it takes the place. Throws WriteError; `path` is then
 * as before.
 */
export function replaceFile(path: string, pieces: Iterable<Uint8Array>): void {
  const partial = `${path}.partial`;
  try {
    const descriptor = openSync(partial, 'w');
    try {
      let position = 0;
      for (const piece of pieces) {
        writeAll(partial, descriptor, piece, position);
        position += piece.length;
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw error instanceof WriteError ? error : new WriteError(path, error);
  }
}

/** Makes renames within a folder outlast a power cut, where folders can be opened (not on Windows). */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
