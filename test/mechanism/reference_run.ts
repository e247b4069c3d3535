import { readFileSync } from 'node:fs';
import type { CellModel } from '../../src/mechanism/cell_model.js';
import type { CellData } from '../../src/mechanism/cell_schema.js';
import { libraryMechanisms } from '../../src/mechanism/library.js';
import { bothOf, buildCells, parseMechanismFile } from '../../src/mechanism/mechanism_file.js';

const folder = new URL('reference/', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** One of the files of reference values 01 to 05. */
// biome-ignore lint/suspicious/noExplicitAny: every file has its own shape
export const referenceOf = (file: string): any => JSON.parse(textOf(`${file}.json`));

const FILE = parseMechanismFile(textOf('cells.yaml'), 'cells.yaml', libraryMechanisms());

/** The mechanisms of cells.yaml, as circuits say them. */
export const REFERENCE_MECHANISMS = FILE.data.mechanisms;

/** A cell of cells.yaml as circuits say it, with changed values, such as `{ 'a.g_mS_cm2': 0 }`. */
export function referenceCellData(name: string, changes: Readonly<Record<string, number>> = {}): CellData {
  const cell = structuredClone(FILE.data.cellTypes[name]);
  for (const [path, value] of Object.entries(changes)) {
    const [label, key] = path.split('.');
    if (cell.membrane[label]?.[key] === undefined) throw new Error(`${name} has no ${path}`);
    cell.membrane[label][key] = value;
  }
  return cell;
}

/** The cell that {@link referenceCellData} says. */
export function referenceCell(name: string, changes: Readonly<Record<string, number>> = {}): CellModel {
  const data = { [name]: referenceCellData(name, changes) };
  return buildCells(data, bothOf(FILE.mechanisms, libraryMechanisms())).cells.get(name)!;
}
