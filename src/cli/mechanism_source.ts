import { readFile } from 'node:fs/promises';
import { fileError, InputError } from '../io/input_error.js';
import type { CellModel } from '../mechanism/cell_model.js';
import type { CellData } from '../mechanism/cell_schema.js';
import {
  LIBRARY_CELLS,
  LIBRARY_MECHANISMS,
  libraryCellData,
  libraryCells,
  libraryMechanisms,
} from '../mechanism/library.js';
import type { Mechanism } from '../mechanism/mechanism.js';
import {
  type MechanismFile,
  type MechanismFileData,
  parseMechanismFile,
} from '../mechanism/mechanism_file.js';
import { didYouMean } from '../text/suggestion.js';

/** FILE or FILE#NAME. */
const FILE = /^(.*\.(?:ya?ml|json))(?:#(.*))?$/i;

export type MechanismOrCell =
  | { readonly mechanism: Mechanism; readonly cell: null }
  | { readonly mechanism: null; readonly cell: CellModel };

/**
 * The mechanism or cell that NAME (of the library) or FILE[#NAME] means; without #NAME the only one of the file. Rejects
 * with InputError or CircuitError.
 */
export async function loadMechanism(nameOrFile: string): Promise<MechanismOrCell> {
  const match = FILE.exec(nameOrFile);
  if (!match) {
    const library = { mechanisms: libraryMechanisms(), cells: libraryCells() };
    return (
      named(library, nameOrFile) ??
      refuse(`the library has no mechanism or cell "${nameOrFile}"`, nameOrFile, library)
    );
  }
  const [, path, name] = match;
  const file = parseMechanismFile(await textOf(path), path, LIBRARY_MECHANISMS);
  if (name !== undefined)
    return named(file, name) ?? refuse(`${path} has no mechanism or cell "${name}"`, name, file);
  const names = [...file.mechanisms.keys(), ...file.cells.keys()];
  if (names.length !== 1)
    throw new InputError(
      names.length === 0
        ? `${path} has no mechanisms and no cells`
        : `${path} has ${names.length} mechanisms and cells; choose one as ${path}#NAME: ${names.join(', ')}`,
    );
  return named(file, names[0])!;
}

/** A cell as circuits say it, with the mechanisms that it needs besides the library's. */
export interface LoadedCell {
  readonly name: string;
  readonly cell: CellData;
  readonly mechanisms: MechanismFileData['mechanisms'];
}

/** The cell that NAME (of the library) or FILE[#NAME] means; without #NAME the only one of the file. Rejects as {@link loadMechanism}. */
export async function loadCell(nameOrFile: string): Promise<LoadedCell> {
  const match = FILE.exec(nameOrFile);
  if (!match) {
    const cell = libraryCellData(nameOrFile);
    if (!cell)
      throw new InputError(`no cell is called "${nameOrFile}"${didYouMean(nameOrFile, LIBRARY_CELLS)}`);
    return { name: nameOrFile, cell, mechanisms: {} };
  }
  const [, path, asked] = match;
  const { data } = parseMechanismFile(await textOf(path), path, LIBRARY_MECHANISMS);
  const names = Object.keys(data.cellTypes);
  const name = asked ?? names[0];
  if (asked === undefined && names.length !== 1)
    throw new InputError(
      names.length === 0
        ? `${path} has no cellTypes`
        : `${path} has ${names.length} cell types; choose one as ${path}#NAME: ${names.join(', ')}`,
    );
  if (!Object.hasOwn(data.cellTypes, name))
    throw new InputError(`${path} has no cell type "${name}"${didYouMean(name, names)}`);
  return { name, cell: data.cellTypes[name], mechanisms: data.mechanisms };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/** Mechanisms and cells by name. */
type Named = Pick<MechanismFile, 'mechanisms' | 'cells'>;

function named({ mechanisms, cells }: Named, name: string): MechanismOrCell | null {
  const mechanism = mechanisms.get(name);
  if (mechanism) return { mechanism, cell: null };
  const cell = cells.get(name);
  return cell ? { mechanism: null, cell } : null;
}

function refuse(problem: string, name: string, { mechanisms, cells }: Named): never {
  throw new InputError(`${problem}${didYouMean(name, [...mechanisms.keys(), ...cells.keys()])}`);
}
