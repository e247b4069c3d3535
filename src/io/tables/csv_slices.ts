import { InputError } from '../input_error.js';
import { lineChunks } from './file_chunks.js';

const BYTES_AT_ONCE = 1 << 20;
/** Number of rows returned at once. */
const ROWS = 1 << 14;

/** Consecutive rows of a CSV file. */
export interface CsvSlice {
  readonly rows: number;
  /** Row after row, the values of these columns times `scale`; NaN where a value is empty. */
  readonly interleaved: (columns: readonly string[], scale?: number) => Float32Array;
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
    const indexOf = (name: string): number => {
      const index = names.indexOf(name);
      if (index < 0) throw new InputError(`${path}: there is no column "${name}"`);
      return index;
    };
    const number = (text: string) => (text === '' ? Number.NaN : Number(text));
    return {
      rows: taken.length,
      interleaved: (columns, scale = 1) => {
        const indices = columns.map(indexOf);
        const values = new Float32Array(taken.length * indices.length);
        let at = 0;
        for (const row of taken) for (const index of indices) values[at++] = number(row[index]) * scale;
        return values;
      },
    };
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
  const decoder = new TextDecoder();
  for (const chunk of lineChunks(path, BYTES_AT_ONCE)) {
    const lines = decoder.decode(chunk).split('\n');
    if (lines[lines.length - 1] === '') lines.pop();
    yield* lines;
  }
}
