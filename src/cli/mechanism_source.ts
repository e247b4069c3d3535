import { readFile } from 'node:fs/promises';
import { InputError } from '../io/input_error.js';
import { readCircuit } from '../io/read_circuit.js';
import { isForeignMechanismFile, readMechanisms } from '../io/read_mechanisms.js';
import type { CellModel } from '../mechanism/cell_model.js';
import type { CellData } from '../mechanism/cell_schema.js';
import {
  LIBRARY_CELLS,
  LIBRARY_MECHANISMS,
  libraryCellData,
  libraryCells,
  libraryMechanisms,
} from '../mechanism/library.js';
import { DEFAULT_TEMPERATURE_C, type Mechanism } from '../mechanism/mechanism.js';
import {
  bothOf,
  buildCells,
  checkMechanisms,
  type MechanismFile,
  type MechanismFileData,
} from '../mechanism/mechanism_file.js';
import { parseCircuitText } from '../text/circuit_text.js';
import { didYouMean } from '../text/suggestion.js';

/** FILE or FILE#NAME. */
const FILE = /^(.*\.(?:ya?ml|json|mod|nml))(?:#(.*))?$/i;

export type MechanismOrCell =
  | { readonly mechanism: Mechanism; readonly cell: null }
  | { readonly mechanism: null; readonly cell: CellModel };

/** Gets what of a file of another program was ignored or assumed. */
export type OnNote = (note: string) => void;

/**
 * The mechanism or cell that NAME (of the library) or FILE[#NAME] means; without #NAME the only one of the file: of mechanisms,
 * a circuit, or of another program. Rejects with InputError or CircuitError.
 */
export async function loadMechanism(nameOrFile: string, onNote: OnNote): Promise<MechanismOrCell> {
  const match = FILE.exec(nameOrFile);
  if (!match) {
    const library = { mechanisms: libraryMechanisms(), cells: libraryCells() };
    return (
      named(library, nameOrFile) ??
      refuse(`the library has no mechanism or cell "${nameOrFile}"`, nameOrFile, library)
    );
  }
  const [, path, name] = match;
  const { mechanisms: data, cellTypes, temperature_C } = await contentsOf(path, onNote);
  const { mechanisms } = checkMechanisms(data);
  const { cells } = buildCells(cellTypes, bothOf(mechanisms, LIBRARY_MECHANISMS), temperature_C);
  const file = { mechanisms, cells };
  if (name !== undefined)
    return named(file, name) ?? refuse(`${path} has no mechanism or cell "${name}"`, name, file);
  const names = [...mechanisms.keys(), ...cells.keys()];
  if (names.length !== 1)
    throw new InputError(
      names.length === 0
        ? `${path} has no mechanisms and no cells`
        : `${path} has ${names.length} mechanisms and cells; choose one as ${path}#NAME: ${names.join(', ')}`,
    );
  return named(file, names[0])!;
}

/** A cell as circuits say it, with the mechanisms that it needs besides the library's and the temperature of its file. */
export interface LoadedCell {
  readonly name: string;
  readonly cell: CellData;
  readonly mechanisms: MechanismFileData['mechanisms'];
  readonly temperature_C: number;
}

/** The cell that NAME (of the library) or FILE[#NAME] means; without #NAME the only one of the file. Rejects as {@link loadMechanism}. */
export async function loadCell(nameOrFile: string, onNote: OnNote): Promise<LoadedCell> {
  const match = FILE.exec(nameOrFile);
  if (!match) {
    const cell = libraryCellData(nameOrFile);
    if (!cell)
      throw new InputError(`no cell is called "${nameOrFile}"${didYouMean(nameOrFile, LIBRARY_CELLS)}`);
    return { name: nameOrFile, cell, mechanisms: {}, temperature_C: DEFAULT_TEMPERATURE_C };
  }
  const [, path, asked] = match;
  const { mechanisms, cellTypes, temperature_C } = await contentsOf(path, onNote);
  const names = Object.keys(cellTypes);
  const name = asked ?? names[0];
  if (asked === undefined && names.length !== 1)
    throw new InputError(
      names.length === 0
        ? `${path} has no cell types`
        : `${path} has ${names.length} cell types; choose one as ${path}#NAME: ${names.join(', ')}`,
    );
  if (!Object.hasOwn(cellTypes, name))
    throw new InputError(`${path} has no cell type "${name}"${didYouMean(name, names)}`);
  return { name, cell: cellTypes[name], mechanisms, temperature_C };
}

/** The mechanisms and cells of a file: of mechanisms, of a circuit, or of another program. */
async function contentsOf(
  path: string,
  onNote: OnNote,
): Promise<MechanismFileData & { readonly temperature_C: number }> {
  if (!isForeignMechanismFile(path) && (await isCircuitFile(path))) {
    const { mechanisms, cellTypes, simulation } = await readCircuit(path, { onNote });
    return { mechanisms, cellTypes, temperature_C: simulation.temperature_C };
  }
  const { data, notes } = await readMechanisms(path);
  notes.forEach(onNote);
  return { ...data, temperature_C: DEFAULT_TEMPERATURE_C };
}

/** Whether a file is one of a circuit, as far as it can be read; else it is read as one of mechanisms, with its errors. */
async function isCircuitFile(path: string): Promise<boolean> {
  try {
    const { data } = parseCircuitText(await readFile(path, 'utf8'), path);
    return typeof data === 'object' && data !== null && 'populations' in data;
  } catch {
    return false;
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
