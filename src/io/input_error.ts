import { isPrintable, printable } from '../text/printable.js';

/** Input from outside that cannot be used: a file that is missing or malformed, an output folder that exists. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** External text as a message can show it: without control characters, and cut to its length. */
export const shown = (text: string): string =>
  printable(text.length > 300 ? `${text.slice(0, 300)}…` : text).replaceAll('\n', '\\n');

const REASONS: Partial<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'access is not permitted',
  EPERM: 'access is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the size allowed here',
  ERR_STRING_TOO_LONG: 'it is too large to read as text',
  ERR_FS_FILE_TOO_LARGE: 'it is too large to read',
};

/** The error of a file operation as InputError: `cannot read runs/a: there is no such file or folder`. */
export function fileError(action: string, path: string, error: unknown): InputError {
  return new InputError(`cannot ${action} ${path}: ${reasonOf(error)}`, { cause: error });
}

/** Why a file operation failed, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

/** Throws InputError where a name of a file, found at `place`, cannot be shown in tables and figures. */
export function requirePrintable(place: string, name: string): string {
  if (isPrintable(name)) return name;
  throw new InputError(
    `${place}: expected a name without control characters; got ${shown(JSON.stringify(name))}`,
  );
}
