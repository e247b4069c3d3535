import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { csvParseRows } from 'd3-dsv';
import { fileError, InputError, shown } from '../input_error.js';

/** A value of a CSV file: NaN and null are written as nothing. */
export type CsvValue = string | number | null;

/** Writes a table row by row, without holding its text in memory. Numbers keep all their digits. */
export async function writeCsv(
  path: string,
  header: readonly string[],
  rows: Iterable<readonly CsvValue[]>,
): Promise<void> {
  await pipeline(linesOf(header, rows), createWriteStream(path));
}

/** The same table as one text. */
export function formatCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  return [...linesOf(header, rows)].join('');
}

function* linesOf(header: readonly string[], rows: Iterable<readonly CsvValue[]>): Iterable<string> {
  const rowsPerPiece = 1000;
  let piece = `${header.map(formatValue).join(',')}\n`;
  let pending = 0;
  for (const row of rows) {
    piece += `${row.map(formatValue).join(',')}\n`;
    if (++pending < rowsPerPiece) continue;
    yield piece;
    piece = '';
    pending = 0;
  }
  yield piece;
}

function formatValue(value: CsvValue): string {
  if (value === null || Number.isNaN(value)) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV file by columns. */
export interface CsvTable {
  readonly path: string;
  readonly header: readonly string[];
  readonly rows: number;
  has(column: string): boolean;
  /** The texts of a column; throws InputError where it is missing. */
  text(column: string): string[];
  /** The numbers of a column; throws InputError, with its line, at a value that is not a finite number. */
  numbers(column: string): Float64Array;
  /** The column as whole numbers from 0 to 2^32 - 1. */
  indices(column: string): Uint32Array;
}

/** Reads a CSV file (RFC 4180) whose first line names the columns. Throws InputError. */
export async function readCsv(path: string): Promise<CsvTable> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
  const records = csvParseRows(content.replace(/^\uFEFF/, '').replace(/\r?\n$/, ''));
  if (content.trim() === '')
    throw new InputError(`${path}: the file is empty; expected a line with the names of the columns`);
  const header = records[0].map((name) => name.trim());
  const rows = records.slice(1);
  const malformed = rows.findIndex((row) => row.length !== header.length);
  if (malformed >= 0)
    throw new InputError(
      `${path}:${malformed + 2}: expected ${header.length} values; got ${rows[malformed].length}`,
    );

  const indexOf = (column: string): number => {
    const index = header.indexOf(column);
    if (index < 0)
      throw new InputError(`${path}: there is no column "${column}"; got ${shown(header.join(', '))}`);
    return index;
  };
  const numbers = (column: string, isAllowed: (value: number) => boolean, allowed: string) => {
    const index = indexOf(column);
    return Float64Array.from(rows, (row, i) => {
      const value = row[index].trim() === '' ? Number.NaN : Number(row[index]);
      if (!isAllowed(value))
        throw new InputError(
          `${path}:${i + 2}: ${column}: expected ${allowed}; got ${shown(JSON.stringify(row[index]))}`,
        );
      return value;
    });
  };
  return {
    path,
    header,
    rows: rows.length,
    has: (column) => header.includes(column),
    text: (column) => {
      const index = indexOf(column);
      return rows.map((row) => row[index].trim());
    },
    numbers: (column) => numbers(column, Number.isFinite, 'a finite number'),
    indices: (column) =>
      Uint32Array.from(
        numbers(column, (v) => Number.isInteger(v) && v >= 0 && v < 2 ** 32, 'a whole number, at least 0'),
      ),
  };
}
