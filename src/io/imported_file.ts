import type { CellData } from '../mechanism/cell_schema.js';
import type { MechanismData } from '../mechanism/mechanism_schema.js';
import type { ImportNote } from './import_note.js';

/** Mechanisms and cells of a file of another program, as a mechanism file would say them. */
export interface ImportedFile {
  readonly mechanisms: Readonly<Record<string, MechanismData>>;
  readonly cellTypes: Readonly<Record<string, CellData>>;
  readonly notes: readonly ImportNote[];
}

/** How files of one kind are taken over. */
export interface FileImporter {
  /** The paths, from the file itself, of other files that a file's text includes. */
  readonly includes: (text: string) => readonly string[];
  /**
   * Reads a file's text; `source` names it in errors, `beside` holds the texts of included files that were found, by
   * their paths from the first file. Throws
   * CircuitError where it cannot be taken over.
   */
  readonly read: (text: string, source: string | null, beside: ReadonlyMap<string, string>) => ImportedFile;
}

/** The path of a file that the file at `from` includes as `href`, without `.` and `..` where they can be resolved. */
export function besidePath(from: string, href: string): string {
  const parts: string[] = [];
  for (const part of [...from.split('/').slice(0, -1), ...href.split('/')])
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  return parts.join('/');
}
