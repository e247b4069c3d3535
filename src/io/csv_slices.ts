import { closeSync, openSync, readSync } from 'node:fs';
import { InputError } from './input_error.js';

const BYTES_AT_ONCE = 1 << 20;
/** Rows handed out at once. */
const ROWS = 1 << 14;

/** Consecutive rows of a CSV file. */
export interface CsvSlice {
  readonly rows: number;
  /** The texts of a column. */
  readonly text: (column: string) => string[];
  /** The numbers of a column; NaN where a value is empty. */
  readonly numbers: (column: string) => Float64Array;
}

/**
 * Reads a table that this program wrote (no quoted values) slice by slice, so that its length does not matter.
 * Throws InputError where a column is missing or a row is too short.
 */
export function* csvSlices(path: string): Iterable<CsvSlice> {
  let header: string[] | null = null;
  let rows: string[][] = [];
  const slice = (names: readonly string[]): CsvSlice => {
    const taken = rows;
    rows = [];
    const column = (name: string): string[] => {
      const index = names.indexOf(name);
      if (index < 0) throw new InputError(`${path}: there is no column "${name}"`);
      return taken.map((row) => row[index]);
    };
    const numbers = (name: string) =>
      Float64Array.from(column(name), (text) => (text === '' ? Number.NaN : Number(text)));
    return { rows: taken.length, text: column, numbers };
  };
  for (const line of linesOf(path)) {
    const values = line.split(',');
    if (!header) {
      header = values;
      continue;
    }
    if (values.length !== header.length)
      throw new InputError(`${path}: expected ${header.length} values in every row; got ${values.length}`);
    rows.push(values);
    if (rows.length === ROWS) yield slice(header);
  }
  if (header && rows.length > 0) yield slice(header);
}

/** The names of the columns. */
export function csvHeader(path: string): string[] {
  for (const line of linesOf(path)) return line.split(',');
  throw new InputError(`${path}: the file is empty; expected a line with the names of the columns`);
}

function* linesOf(path: string): Iterable<string> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(BYTES_AT_ONCE);
    const decoder = new TextDecoder();
    let pending = '';
    for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) {
      const lines = (pending + decoder.decode(buffer.subarray(0, bytes), { stream: true })).split('\n');
      pending = lines.pop()!;
      yield* lines;
    }
    if (pending !== '') yield pending;
  } finally {
    closeSync(file);
  }
}
