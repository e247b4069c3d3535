import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from './input_error.js';

/** Results cannot be written, for example because the disk is full. */
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

/** Removes what is of no use any more, as far as the system allows: a failure to do so hides no other. */
export function removeLeftover(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It is hidden by its name, and stays.
  }
}

/** A name of its own beside `path`, which no other process takes. */
export const besides = (path: string, purpose: string): string =>
  join(dirname(path), `.${basename(path)}.${purpose}-${randomUUID().slice(0, 8)}`);

/**
 * Writes a file so that, whenever the process or the machine stops, `path` holds the old content or the new one whole:
 * `write` fills a file of another name, which is on the disk before it takes the place. Rejects with WriteError where the
 * system refuses, with what `write` throws else; `path` is then as before.
 */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = besides(path, 'partial');
  try {
    await write(temporary);
    putInPlace(temporary, path);
  } catch (error) {
    removeLeftover(temporary);
    throw asWriteError(path, error);
  }
}

/** {@link replaceFile} with the bytes of `pieces`. */
export function replaceBytes(path: string, pieces: Iterable<Uint8Array>): void {
  const temporary = besides(path, 'partial');
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      let position = 0;
      for (const piece of pieces) {
        writeAll(path, descriptor, piece, position);
        position += piece.length;
      }
    } finally {
      closeSync(descriptor);
    }
    putInPlace(temporary, path);
  } catch (error) {
    removeLeftover(temporary);
    throw asWriteError(path, error);
  }
}

/** Makes a finished file or folder durable and gives it its name, which also outlasts a power cut. */
export function putInPlace(temporary: string, path: string): void {
  syncTree(temporary);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Waits until a file, or a folder with all that it holds, is on the disk. */
function syncTree(path: string): void {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) syncTree(join(path, name));
    syncFolder(path);
  } else sync(path);
}

/** As {@link sync}, where the system opens folders: Windows does not. */
export function syncFolder(path: string): void {
  if (process.platform !== 'win32') sync(path);
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
