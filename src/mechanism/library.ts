import type { CellModel } from './cell_model.js';
import { CELL_FILES, MECHANISM_FILES } from './library.generated.js';
import type { Mechanism } from './mechanism.js';
import { parseMechanismFile } from './mechanism_file.js';

let mechanisms: ReadonlyMap<string, Mechanism> | null = null;
let cells: ReadonlyMap<string, CellModel> | null = null;

/** The mechanisms that come with the engine, by name; checked when they are first asked for. */
export function libraryMechanisms(): ReadonlyMap<string, Mechanism> {
  mechanisms ??= new Map(
    Object.entries(MECHANISM_FILES).flatMap(([file, text]) => [
      ...parseMechanismFile(text, `mechanisms/${file}.yaml`).mechanisms,
    ]),
  );
  return mechanisms;
}

/** The cells that come with the engine, by name. */
export function libraryCells(): ReadonlyMap<string, CellModel> {
  cells ??= new Map(
    Object.entries(CELL_FILES).flatMap(([file, text]) => [
      ...parseMechanismFile(text, `cells/${file}.yaml`, libraryMechanisms()).cells,
    ]),
  );
  return cells;
}
