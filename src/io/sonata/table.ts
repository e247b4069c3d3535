import { readFile } from 'node:fs/promises';
import { numbersOf, readSlices, requireDataset } from '../hdf5/hdf5.js';
import { Dataset, Group, type Hdf5File } from '../hdf5/hdf5_file.js';
import { fileError, InputError } from '../input_error.js';
import { parseTypes } from './types_csv.js';

/** Reads what SONATA's nodes and edges have in common: rows with a type each, in groups that hold their attributes. */

export type TypeRow = Readonly<Record<string, string>>;

/** The types of a population (or of all, where the file does not say) by their id. */
export async function readTypes(
  path: string,
  idColumn: string,
  population: string,
): Promise<Map<number, TypeRow>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
  const rows = parseTypes(text, path).filter((row) => (row.population ?? population) === population);
  return new Map(rows.map((row) => [Number(row[idColumn]), row]));
}

/** A column of whole numbers. */
export function readIntegers(file: Hdf5File, path: string): Uint32Array {
  const values = new Uint32Array(requireDataset(file, path).shape?.[0] ?? 0);
  let at = 0;
  for (const slice of readSlices(file, path))
    for (let k = 0; k < slice.length; k++) {
      const value = Number(slice[k]);
      if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32))
        throw new InputError(`${file.filename}: /${path}: expected a whole number, at least 0; got ${value}`);
      values[at++] = value;
    }
  return values;
}

/**
 * An attribute of every row: that of its group where the group has it, else that of its type, else NaN. Throws
 * InputError where a type has a value that is not a number.
 */
export function readAttribute(
  file: Hdf5File,
  place: string,
  kind: 'node' | 'edge',
  name: string,
  types: ReadonlyMap<number, TypeRow>,
): Float64Array {
  const typeIds = readIntegers(file, `${place}/${kind}_type_id`);
  const values = Float64Array.from(typeIds, (id) => {
    const written = types.get(id)?.[name];
    const value = written === undefined ? Number.NaN : Number(written);
    if (written !== undefined && !Number.isFinite(value))
      throw new InputError(
        `${file.filename}: ${kind} type ${id}: ${name}: expected a number; got ${written}`,
      );
    return value;
  });
  const group = file.get(place);
  const names = group instanceof Group ? group.keys() : [];
  const numbers = names.filter((key) => /^\d+$/.test(key));
  const columns = new Map<number, ArrayLike<number>>();
  for (const number of numbers) {
    const dataset = file.get(`${place}/${number}/${name}`);
    if (dataset instanceof Dataset)
      columns.set(Number(number), numbersOf(file, dataset.path, dataset.value) as ArrayLike<number>);
  }
  if (columns.size === 0) return values;
  const groups = readIntegers(file, `${place}/${kind}_group_id`);
  const rows = readIntegers(file, `${place}/${kind}_group_index`);
  for (let k = 0; k < values.length; k++) {
    const column = columns.get(groups[k]);
    if (!column) continue;
    if (rows[k] >= column.length)
      throw new InputError(`${file.filename}: /${place}: row ${rows[k]} is not in group ${groups[k]}`);
    values[k] = Number(column[rows[k]]);
  }
  return values;
}
