import { access, constants } from 'node:fs/promises';
import type { Dataset, Group, File as Hdf5File } from 'h5wasm/node';
import { fileError, InputError } from '../input_error.js';
import { WriteError } from '../write_file.js';
import { requireAddressSpace } from './address_space.js';
import {
  type Hdf5File as Hdf5Source,
  Dataset as SourceDataset,
  Group as SourceGroup,
  withHdf5File,
} from './hdf5_file.js';

let loaded: Promise<typeof Hdf5File> | null = null;

/**
 * Loads the library that writes HDF5, once, with HDF5's errors thrown instead of printed. It takes address space of
 * gigabytes, so it is loaded when a file is written, or before what would be lost without it. Rejects with InputError.
 */
export async function loadHdf5(): Promise<typeof Hdf5File> {
  if (loaded === null) {
    requireAddressSpace();
    loaded = import('h5wasm/node').then(async ({ File, ready }) => {
      (await ready).activate_throwing_error_handler();
      return File;
    });
  }
  return loaded;
}

/** Values in a compressed chunk. */
const CHUNK = 16384;
/** Values written or read at once: a file of any length passes through this much memory. */
export const SLICE = 1 << 20;

type Values = Float64Array | Float32Array | Uint32Array | Int32Array | BigUint64Array;

/** Writes an HDF5 file. `write` is synchronous, so that nothing else sees the fixed clock. Rejects with WriteError. */
export async function writeHdf5(path: string, write: (file: Hdf5File) => void): Promise<void> {
  const File = await loadHdf5();
  withFixedClock(() => {
    try {
      const file = new File(path, 'w');
      try {
        write(file);
      } finally {
        file.close();
      }
    } catch (error) {
      const { message } = error as Error;
      if (!message.startsWith('HDF5-DIAG')) throw error;
      // The library does not pass on why the system refused.
      throw new WriteError(path, new Error('HDF5 was refused; is the disk full?', { cause: error }));
    }
  });
}

/** HDF5 stamps every object with the time at which it was written; equal content shall give equal bytes. */
function withFixedClock(write: () => void): void {
  const now = Date.now;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}

/** Reads an HDF5 file. Rejects with InputError where it is missing, is not HDF5 or is damaged. */
export async function readHdf5<T>(path: string, read: (file: Hdf5Source) => T): Promise<T> {
  await access(path, constants.R_OK).catch((error) => {
    throw fileError('read', path, error);
  });
  return withHdf5File(path, read);
}

/** A variable-length text attribute. */
export const textAttribute = (object: Dataset | Group, name: string, text: string): void =>
  object.create_attribute(name, text, null, 'S');

/** A dataset with all its values at once. */
export function writeColumn(group: Group, name: string, data: Values, shape = [data.length]): Dataset {
  const layout = data.length > 0 ? { chunks: chunkOf(shape), compression: 4 } : {};
  return group.create_dataset({ name, data, shape, ...layout });
}

const chunkOf = (shape: readonly number[]): number[] => {
  const width = shape.slice(1).reduce((product, n) => product * n, 1);
  return [Math.max(1, Math.min(shape[0], Math.floor(CHUNK / width))), ...shape.slice(1)];
};

/** A dataset that grows slice by slice. Every slice holds whole rows of `rowShape` (a single value by default). */
export function writeSlices(
  group: Group,
  name: string,
  slices: Iterable<Values>,
  rowShape: readonly number[] = [],
): Dataset {
  const width = rowShape.reduce((product, n) => product * n, 1);
  const all = rowShape.map((n): [number, number] => [0, n]);
  let dataset: Dataset | null = null;
  let rows = 0;
  for (const slice of slices) {
    dataset ??= emptyDataset(group, name, slice.subarray(0, 0) as Values, rowShape);
    const length = slice.length / width;
    if (length === 0) continue;
    dataset.resize([rows + length, ...rowShape]);
    dataset.write_slice([[rows, rows + length], ...all], slice);
    rows += length;
  }
  return dataset ?? emptyDataset(group, name, new Float64Array(0), rowShape);
}

/** A dataset of no rows yet, to be filled by resize and write_slice. */
export function emptyDataset(
  group: Group,
  name: string,
  none: Values,
  rowShape: readonly number[],
  chunks: readonly number[] = chunkOf([CHUNK, ...rowShape]),
): Dataset {
  const shape = [0, ...rowShape];
  const maxshape = [null, ...rowShape];
  return group.create_dataset({ name, data: none, shape, maxshape, chunks: [...chunks], compression: 4 });
}

/**
 * The values of a one-dimensional dataset of numbers, slice by slice. Throws InputError where there is no such dataset.
 */
export function* readSlices(file: Hdf5Source, path: string): Iterable<ArrayLike<number | bigint>> {
  const dataset = requireDataset(file, path);
  const [length = 0, ...more] = dataset.shape ?? [];
  if (more.length > 0)
    throw new InputError(
      `${file.filename}: /${path}: expected one dimension; got ${dataset.shape?.join(' x ')} values`,
    );
  for (let start = 0; start < length; start += SLICE)
    yield numbersOf(file, path, dataset.slice([[start, Math.min(length, start + SLICE)]]));
}

/** Values read from a dataset as numbers. Throws InputError where they are none. */
export function numbersOf(file: Hdf5Source, path: string, values: unknown): ArrayLike<number | bigint> {
  if (ArrayBuffer.isView(values)) return values as unknown as ArrayLike<number | bigint>;
  throw new InputError(`${file.filename}: /${path}: expected numbers`);
}

/** Throws InputError where there is no such dataset. */
export function requireDataset(file: Hdf5Source, path: string): SourceDataset {
  const dataset = file.get(path);
  if (!(dataset instanceof SourceDataset))
    throw new InputError(`${file.filename}: there is no dataset /${path}`);
  return dataset;
}

/** The names in a group; none where there is no such group. */
export function namesIn(file: Hdf5Source, path: string): string[] {
  const group = file.get(path);
  return group instanceof SourceGroup ? group.keys() : [];
}
