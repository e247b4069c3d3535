import { InputError } from '../input_error.js';

/** The SONATA dialect of CSV: columns separated by spaces, fields quoted with `"`. `NULL` means no value. */

/** Writes rows that all have the same keys, which name the columns. */
export function formatTypes(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const header = Object.keys(rows[0] ?? {});
  const lines = [header, ...rows.map((row) => header.map((column) => String(row[column])))];
  return lines.map((line) => `${line.map(quote).join(' ')}\n`).join('');
}

const quote = (field: string): string =>
  /[\s"]|^$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

/** Reads such a file; absent values are left out. Throws InputError at a row of another length than the header. */
export function parseTypes(text: string, path: string): Readonly<Record<string, string>>[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw new InputError(`${path}: the file is empty; expected the names of the columns`);
  const [header, ...rows] = lines.map(fieldsOf);
  return rows.map((fields, r) => {
    if (fields.length !== header.length)
      throw new InputError(`${path}: row ${r + 1}: expected ${header.length} fields; got ${fields.length}`);
    const entries = header.map((column, c) => [column, fields[c]] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== 'NULL' && value !== ''));
  });
}

const fieldsOf = (line: string): string[] =>
  Array.from(line.matchAll(/"((?:[^"]|"")*)"|[^\s"]+/g), ([whole, quoted]) =>
    quoted === undefined ? whole : quoted.replaceAll('""', '"'),
  );
