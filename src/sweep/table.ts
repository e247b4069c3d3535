import { writeFile } from 'node:fs/promises';
import type { BasicType } from 'hyparquet-writer';
import { FILE_KINDS, type FileKind, type OutputFileOptions, writeOutputFile } from '../io/output_file.js';
import { type CsvValue, writeCsv } from '../io/tables/csv.js';
import type { SweepPoint } from './plan.js';
import type { SweepResult } from './result.js';
import type { SweepFolder } from './sweep_folder.js';
import type { Scalar } from './sweep_schema.js';

export interface TableColumn {
  readonly name: string;
  /** One entry per point; null if there is none. */
  readonly values: readonly (Scalar | null)[];
}

/** One row per point, in the order of the plan. */
export interface SweepTable {
  readonly columns: readonly TableColumn[];
  readonly points: number;
  readonly completed: number;
  /** What computed the results: several adapters or versions in one table need not agree in the last digits. */
  readonly origins: readonly string[];
}

/**
 * All results of a sweep so far as one table: index, parameters, seed, hash, status (`complete`, `failed`, `missing`)
 * with its reason, then every number and label of results.json under its dotted path (`firing.meanRateHz`). Lists are
 * left out: spectral peaks are in the result's own file.
 */
export async function sweepTable(folder: SweepFolder): Promise<SweepTable> {
  const { plan } = folder;
  const [results, failures] = [await folder.results(), await folder.failures()];
  const rows = plan.points.map(({ hash }) => {
    const result = results.get(hash);
    return {
      status: result ? 'complete' : failures.has(hash) ? 'failed' : 'missing',
      reason: failures.get(hash)?.message ?? null,
      found: result ? flat(result.results) : new Map<string, Scalar | null>(),
    };
  });
  const names = new Set(rows.flatMap(({ found }) => [...found.keys()]));
  const ofPoints = (name: string, value: (point: SweepPoint) => Scalar): TableColumn => ({
    name,
    values: plan.points.map(value),
  });
  const ofRows = (name: string, value: (row: (typeof rows)[number]) => Scalar | null): TableColumn => ({
    name,
    values: rows.map(value),
  });
  return {
    columns: [
      ofPoints('index', ({ index }) => index),
      ...plan.parameters.map((name) => ofPoints(name, ({ values }) => values[name])),
      ofPoints('seed', ({ seed }) => seed),
      ofPoints('hash', ({ hash }) => hash),
      ofRows('status', ({ status }) => status),
      ofRows('reason', ({ reason }) => reason),
      ...[...names].map((name) => ofRows(name, ({ found }) => found.get(name) ?? null)),
    ],
    points: plan.points.length,
    completed: rows.filter(({ status }) => status === 'complete').length,
    origins: [...new Set([...results.values()].map(originOf))].sort(),
  };
}

const originOf = ({ versions, engine }: SweepResult): string => `nce ${versions.nce} on ${engine}`;

/** Numbers, labels and nulls of a document by dotted path. */
function flat(document: SweepResult['results']): Map<string, Scalar | null> {
  const found = new Map<string, Scalar | null>();
  const visit = (value: unknown, path: string) => {
    if (Array.isArray(value)) return;
    if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value)) visit(part, path === '' ? key : `${path}.${key}`);
    else found.set(path, value as Scalar | null);
  };
  const { schema: _schema, notes: _notes, ...results } = document;
  visit(results, '');
  return found;
}

const isParquet = (path: string): boolean => /\.parquet$/i.test(path);

export const tableKind = (path: string): FileKind => FILE_KINDS[isParquet(path) ? 'parquet' : 'sweepTable'];

/** Writes a table as .parquet, else as CSV. Rejects as {@link writeOutputFile}. */
export const writeSweepTable = (path: string, table: SweepTable, options: OutputFileOptions): Promise<void> =>
  writeOutputFile(path, options, tableKind(path), (temporary) =>
    isParquet(path)
      ? parquetOf(table).then((bytes) => writeFile(temporary, bytes))
      : writeCsv(
          temporary,
          table.columns.map(({ name }) => name),
          rowsOf(table),
        ),
  );

function* rowsOf({ columns, points }: SweepTable): Iterable<CsvValue[]> {
  for (let row = 0; row < points; row++)
    yield columns.map(({ values }) => {
      const value = values[row];
      return typeof value === 'boolean' ? String(value) : value;
    });
}

async function parquetOf({ columns }: SweepTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map(({ name, values }) => {
    const type = parquetType(values);
    return { name, type, data: type === 'STRING' ? values.map(textOf) : [...values] };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

const textOf = (value: Scalar | null): string | null => (value === null ? null : String(value));

function parquetType(values: readonly (Scalar | null)[]): BasicType {
  const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (kinds.size > 1 || kinds.has('string')) return 'STRING';
  return kinds.has('boolean') ? 'BOOLEAN' : 'DOUBLE';
}
