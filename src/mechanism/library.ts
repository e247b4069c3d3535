import { parse } from 'yaml';
import { buildCell, type Mechanisms } from './build_cell.js';
import type { CellModel } from './cell_model.js';
import { type CellData, cellSchema } from './cell_schema.js';
import { checkMechanism } from './check_mechanism.js';
import { CELL_FILES, MECHANISM_FILES } from './library.generated.js';
import type { Mechanism } from './mechanism.js';
import { mechanismSchema } from './mechanism_schema.js';

/**
 * The mechanisms and cells that come with the engine. Each is read when it is first asked for; their values over V are
 * scanned by the tests, not at every start.
 */

/** What a file of the library says under `section` and its own name. */
function entryOf(files: Readonly<Record<string, string>>, section: string, name: string): unknown {
  const data = parse(files[name]) as Record<string, Record<string, unknown>>;
  return data[section][name];
}

function once<T>(files: Readonly<Record<string, string>>, read: (name: string) => T) {
  const known = new Map<string, T>();
  const get = (name: string): T | undefined => {
    if (!Object.hasOwn(files, name)) return undefined;
    const value = known.get(name) ?? read(name);
    known.set(name, value);
    return value;
  };
  return { get, keys: () => Object.keys(files).values() };
}

const mechanisms = once(MECHANISM_FILES, (name): Mechanism => {
  const data = mechanismSchema.parse(entryOf(MECHANISM_FILES, 'mechanisms', name));
  const { mechanism, problems } = checkMechanism(name, data);
  if (!mechanism) throw new Error(`mechanisms/${name}.yaml: ${problems[0].message}`);
  return mechanism;
});

const cells = once(CELL_FILES, (name) => {
  const data = cellSchema.parse(entryOf(CELL_FILES, 'cellTypes', name));
  const { cell, problems } = buildCell(name, data, mechanisms);
  if (!cell) throw new Error(`cells/${name}.yaml: ${problems[0].message}`);
  return { data, model: cell };
});

/** The mechanisms of the library by name. */
export const LIBRARY_MECHANISMS: Mechanisms = mechanisms;

/** Names of the cells of the library. */
export const LIBRARY_CELLS: readonly string[] = Object.keys(CELL_FILES);

/** A cell of the library as a circuit file would say it, complete; undefined where there is none of that name. */
export const libraryCellData = (name: string): CellData | undefined => structuredClone(cells.get(name)?.data);

/** All mechanisms of the library, by name. */
export const libraryMechanisms = (): ReadonlyMap<string, Mechanism> =>
  new Map(Object.keys(MECHANISM_FILES).map((name) => [name, mechanisms.get(name)!]));

/** All cells of the library, by name. */
export const libraryCells = (): ReadonlyMap<string, CellModel> =>
  new Map(LIBRARY_CELLS.map((name) => [name, cells.get(name)!.model]));
