import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { LIBRARY_MECHANISMS } from '../mechanism/library.js';
import { type MechanismFileData, parseMechanismFile } from '../mechanism/mechanism_file.js';
import { FILE_IMPORTERS, importerFor } from './import_file.js';
import type { ImportNote } from './import_note.js';
import { besidePath, type FileImporter, type ImportedFile } from './imported_file.js';
import { fileError, InputError } from './input_error.js';

/** Largest file that is read, bytes. */
const LARGEST = 10_000_000;
const MOST_INCLUDED = 300;

/** What a file of mechanisms and cells holds, and what was ignored or assumed where it is another program's. */
export interface ReadMechanisms {
  readonly data: MechanismFileData;
  readonly notes: readonly string[];
}

/** Whether a file's name is that of a file of mechanisms of another program. */
export const isForeignMechanismFile = (path: string): boolean => importerFor(path) !== null;

/**
 * Reads a file of mechanisms and cells: YAML or JSON, NMODL or NeuroML. Rejects with InputError where it is missing or of no
 * such kind, with CircuitError, with line and column, where it is not valid.
 */
export async function readMechanisms(path: string): Promise<ReadMechanisms> {
  if (/\.(ya?ml|json)$/i.test(path)) {
    const { data } = parseMechanismFile(await textOf(path), path, LIBRARY_MECHANISMS);
    return { data, notes: [] };
  }
  const { mechanisms, cellTypes, notes } = await readForeign(path);
  return {
    data: { mechanisms: { ...mechanisms }, cellTypes: { ...cellTypes } },
    notes: notes.map((note) => noteText(path, note)),
  };
}

/** Takes over a file of another program, with the files that it includes. Rejects as {@link readMechanisms}. */
async function readForeign(path: string): Promise<ImportedFile> {
  const importer = importerFor(path);
  if (!importer)
    throw new InputError(
      `${path} is of no kind that mechanisms are read from; names of such files end in ${[...Object.keys(FILE_IMPORTERS), '.yaml', '.yml', '.json'].join(', ')}`,
    );
  const text = await textOf(path);
  return importer.read(text, path, await filesBeside(path, text, importer));
}

const noteText = (file: string, { line, message }: ImportNote): string =>
  `${file}${line === null ? '' : `:${line}`} ${message}`;

/** Old files are in the encodings of their time; what is no UTF-8 is taken byte by byte. */
async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST)
      throw new InputError(`${path} has ${size} bytes; files of mechanisms have at most ${LARGEST}`);
    const bytes = await readFile(path);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return bytes.toString('latin1');
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError('read', path, error);
  }
}

/** The texts of the files that a text and these include, as far as there are such files, by their paths from `path`. */
async function filesBeside(path: string, text: string, importer: FileImporter): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const open = importer.includes(text).map((href) => besidePath('', href));
  for (let name = open.pop(); name !== undefined && found.size < MOST_INCLUDED; name = open.pop()) {
    const place = join(dirname(path), name);
    if (found.has(name) || isAbsolute(name) || !existsSync(place)) continue;
    const included = await textOf(place);
    found.set(name, included);
    open.push(...importer.includes(included).map((inner) => besidePath(name, inner)));
  }
  return found;
}
