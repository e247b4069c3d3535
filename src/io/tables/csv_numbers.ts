import { InputError, shown } from '../input_error.js';
import { readCsv } from './csv.js';
import { lineChunks } from './file_chunks.js';

const BYTES_AT_ONCE = 1 << 22;
const [COMMA, QUOTE, NEWLINE, RETURN, MINUS, POINT, ZERO, NINE] = [...',"\n\r-.09'].map((c) =>
  c.charCodeAt(0),
);

/** What the values of a column may be. */
export type ColumnKind = 'number' | 'index';

/** Columns by name: finite numbers, or whole numbers from 0 to 2^32 - 1. */
export type NumberColumns<Kinds extends Readonly<Record<string, ColumnKind>>> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends 'index' ? Uint32Array : Float64Array;
};

/**
 * Columns of numbers of a CSV file whose first line names them. Unlike {@link readCsv} it never holds the file's text,
 * so that tens of millions of rows fit in memory; a file with quoted values is left to readCsv. Throws InputError as
 * that.
 */
export async function readCsvNumbers<const Kinds extends Readonly<Record<string, ColumnKind>>>(
  path: string,
  kinds: Kinds,
): Promise<NumberColumns<Kinds>> {
  const columns = readPlain(path, kinds) ?? (await readQuoted(path, kinds));
  return columns as NumberColumns<Kinds>;
}

async function readQuoted(path: string, kinds: Readonly<Record<string, ColumnKind>>) {
  const table = await readCsv(path);
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      kind === 'index' ? table.indices(name) : table.numbers(name),
    ]),
  );
}

/** Null where a value is quoted. */
function readPlain(path: string, kinds: Readonly<Record<string, ColumnKind>>) {
  const reader = new PlainReader(path, kinds);
  for (const chunk of lineChunks(path, BYTES_AT_ONCE)) if (!reader.take(chunk)) return null;
  return reader.finish();
}

class PlainReader {
  private width = 0;
  /** Wanted column of each place in a row; -1 where it is not wanted. */
  private wanted = new Int32Array(0);
  private readonly names: readonly string[];
  private readonly values: Float64Array[];
  private rows = 0;
  private hasHeader = false;

  constructor(
    private readonly path: string,
    private readonly kinds: Readonly<Record<string, ColumnKind>>,
  ) {
    this.names = Object.keys(kinds);
    this.values = this.names.map(() => new Float64Array(1 << 16));
  }

  /** Whole lines; false where a value is quoted. */
  take(bytes: Uint8Array): boolean {
    if (bytes.includes(QUOTE)) return false;
    let at = 0;
    while (at < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, at);
      const next = newline < 0 ? bytes.length : newline + 1;
      let end = newline < 0 ? bytes.length : newline;
      if (end > at && bytes[end - 1] === RETURN) end--;
      if (this.hasHeader) this.takeRow(bytes, at, end);
      else this.takeHeader(textOf(bytes, at, end));
      at = next;
    }
    return true;
  }

  finish(): Record<string, Float64Array | Uint32Array> {
    if (!this.hasHeader)
      throw new InputError(`${this.path}: the file is empty; expected a line with the names of the columns`);
    return Object.fromEntries(
      this.names.map((name, c) => {
        const column = this.values[c].subarray(0, this.rows);
        return [name, this.kinds[name] === 'index' ? Uint32Array.from(column) : column.slice()];
      }),
    );
  }

  private takeHeader(line: string): void {
    const header = line
      .replace(/^\uFEFF/, '')
      .split(',')
      .map((name) => name.trim());
    const missing = this.names.find((name) => !header.includes(name));
    if (missing !== undefined)
      throw new InputError(`${this.path}: there is no column "${missing}"; got ${shown(header.join(', '))}`);
    this.width = header.length;
    this.wanted = Int32Array.from(header, (name) => this.names.indexOf(name));
    this.hasHeader = true;
  }

  private takeRow(bytes: Uint8Array, start: number, end: number): void {
    if (this.rows === this.values[0].length) this.grow();
    let place = 0;
    let from = start;
    let refused: InputError | null = null;
    for (let i = start; i <= end; i++) {
      if (i < end && bytes[i] !== COMMA) continue;
      const column = place < this.width ? this.wanted[place] : -1;
      if (column >= 0) {
        const value = valueIn(bytes, from, i);
        if (!this.isAllowed(column, value)) refused ??= this.refusal(column, textOf(bytes, from, i));
        this.values[column][this.rows] = value;
      }
      place++;
      from = i + 1;
    }
    if (place !== this.width)
      throw new InputError(`${this.path}:${this.rows + 2}: expected ${this.width} values; got ${place}`);
    if (refused) throw refused;
    this.rows++;
  }

  private isAllowed(column: number, value: number): boolean {
    if (this.kinds[this.names[column]] === 'number') return Number.isFinite(value);
    return Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  }

  private refusal(column: number, text: string): InputError {
    const name = this.names[column];
    const expected = this.kinds[name] === 'index' ? 'a whole number, at least 0' : 'a finite number';
    return new InputError(
      `${this.path}:${this.rows + 2}: ${name}: expected ${expected}; got ${shown(JSON.stringify(text))}`,
    );
  }

  private grow(): void {
    this.values.forEach((values, c) => {
      this.values[c] = new Float64Array(2 * values.length);
      this.values[c].set(values);
    });
  }
}

const textOf = (bytes: Uint8Array, from: number, to: number) =>
  new TextDecoder().decode(bytes.subarray(from, to));

function valueIn(bytes: Uint8Array, from: number, to: number): number {
  const value = decimal(bytes, from, to);
  if (!Number.isNaN(value)) return value;
  const text = textOf(bytes, from, to);
  return text.trim() === '' ? Number.NaN : Number(text);
}

/**
 * The value of digits with at most one point; NaN for any other form. Up to 15 digits both the digits as an integer and
 * the power of ten are exact, so that their quotient is the nearest double, as Number gives it.
 */
function decimal(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === MINUS;
  let digits = 0;
  let decimals = -1;
  let whole = 0;
  for (let i = isNegative ? from + 1 : from; i < to; i++) {
    const byte = bytes[i];
    if (byte >= ZERO && byte <= NINE) {
      whole = 10 * whole + byte - ZERO;
      digits++;
      if (decimals >= 0) decimals++;
    } else if (byte === POINT && decimals < 0) decimals = 0;
    else return Number.NaN;
  }
  if (digits === 0 || digits > 15) return Number.NaN;
  const value = decimals > 0 ? whole / 10 ** decimals : whole;
  return isNegative ? -value : value;
}
