import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isPrintable } from '../text/printable.js';
import { fileError, InputError, shown } from './input_error.js';

/**
 * The place that `path`, given by a user, names: absolute, with the symbolic links of the part that exists resolved.
 * Everything that writes where a user says calls it first and uses only its result.
 *
 * Throws InputError for an empty name, as an unset shell variable gives one, for control characters, and for the current
 * folder and the folders that hold it: nothing that is written replaces those.
 */
export function outputPlace(path: string): string {
  if (path.trim() === '')
    throw new InputError('the output has an empty name: expected a path; is a shell variable unset?');
  if (!isPrintable(path))
    throw new InputError(`the output ${shown(JSON.stringify(path))} has control characters in its name`);
  const current = currentFolder(path);
  const place = withoutLinks(resolve(path), path);
  if (holds(place, current))
    throw new InputError(
      `the output ${path} is the current folder or holds it (${place}): name a folder or file within it, or elsewhere`,
    );
  return place;
}

/** Whether `inner` is `outer` or within it; both absolute. */
function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function currentFolder(path: string): string {
  try {
    return realpathSync(process.cwd());
  } catch (error) {
    throw fileError('find the current folder for the output', path, error);
  }
}

/** An absolute path with the links of its longest part that exists resolved. */
function withoutLinks(absolute: string, path: string): string {
  try {
    return realpathSync(absolute);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('write', path, error);
  }
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(withoutLinks(parent, path), basename(absolute));
}

/** Whether there is anything at `path`, be it a link that leads nowhere. */
export const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
