import { readFile } from 'node:fs/promises';
import { fileError, InputError } from '../io/input_error.js';
import type { CellModel } from '../mechanism/cell_model.js';
import { libraryCells, libraryMechanisms } from '../mechanism/library.js';
import type { Mechanism } from '../mechanism/mechanism.js';
import { type MechanismFile, parseMechanismFile } from '../mechanism/mechanism_file.js';
import { didYouMean } from '../text/suggestion.js';

export type MechanismOrCell =
  | { readonly mechanism: Mechanism; readonly cell: null }
  | { readonly mechanism: null; readonly cell: CellModel };

/**
 * The mechanism or cell that NAME (of the library) or FILE[#NAME] means; without #NAME the only one of the file. Rejects
 * with InputError or CircuitError.
 */
export async function loadMechanism(nameOrFile: string): Promise<MechanismOrCell> {
  const match = /^(.*\.(?:ya?ml|json))(?:#(.*))?$/i.exec(nameOrFile);
  if (!match) {
    const library = { mechanisms: libraryMechanisms(), cells: libraryCells() };
    return (
      named(library, nameOrFile) ??
      refuse(`the library has no mechanism or cell "${nameOrFile}"`, nameOrFile, library)
    );
  }
  const [, path, name] = match;
  const file = parseMechanismFile(await textOf(path), path, libraryMechanisms());
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

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
}

function named({ mechanisms, cells }: MechanismFile, name: string): MechanismOrCell | null {
  const mechanism = mechanisms.get(name);
  if (mechanism) return { mechanism, cell: null };
  const cell = cells.get(name);
  return cell ? { mechanism: null, cell } : null;
}

function refuse(problem: string, name: string, { mechanisms, cells }: MechanismFile): never {
  throw new InputError(`${problem}${didYouMean(name, [...mechanisms.keys(), ...cells.keys()])}`);
}
