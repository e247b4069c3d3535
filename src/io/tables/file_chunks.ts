import { closeSync, openSync, readSync } from 'node:fs';
import { fileError } from '../input_error.js';

const NEWLINE = 10;

/**
 * The bytes of a text file in pieces that end with a line; the last may lack its line's end. A piece is valid until the
 * next is taken. Throws InputError where the file cannot be read.
 */
export function* lineChunks(path: string, bytesAtOnce: number): Iterable<Uint8Array> {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    let buffer = new Uint8Array(bytesAtOnce);
    let filled = 0;
    for (;;) {
      const bytes = readSync(file, buffer, filled, buffer.length - filled, null);
      filled += bytes;
      const end = bytes === 0 ? filled : buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (end > 0) yield buffer.subarray(0, end);
      if (bytes === 0) return;
      buffer.copyWithin(0, end, filled);
      filled -= end;
      if (filled === buffer.length) {
        const larger = new Uint8Array(2 * buffer.length);
        larger.set(buffer);
        buffer = larger;
      }
    }
  } catch (error) {
    throw fileError('read', path, error);
  } finally {
    if (file !== null) closeSync(file);
  }
}
