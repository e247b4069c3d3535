import { createHash } from 'node:crypto';
import type { Dataset, Group, File as Hdf5File } from 'h5wasm/node';
import { textAttribute, writeColumn } from '../hdf5/hdf5.js';

/** What the objects of an NWB 2.7 file have in common. */

export const NWB_VERSION = '2.7.0';
type Namespace = 'core' | 'hdmf-common';

/**
 * Marks an object with its type. Its id is a UUID (version 8, RFC 9562) of the file's `content` and of the object's
 * path: the same run gives the same file.
 */
export function typed<T extends Group | Dataset>(
  object: T,
  type: string,
  content: string,
  namespace: Namespace = 'core',
): T {
  textAttribute(object, 'namespace', namespace);
  textAttribute(object, 'neurodata_type', type);
  textAttribute(object, 'object_id', contentUuid(`${content} ${object.path}`));
  return object;
}

export function contentUuid(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const writeText = (group: Group, name: string, text: string): Dataset =>
  group.create_dataset({ name, data: text, dtype: 'S' });

/** A column of a DynamicTable. */
export type Column = Float64Array | Float32Array | Int32Array | readonly string[];

/** A DynamicTable (or a type that extends it) of `rows` rows; its columns are written into it afterwards. */
export function writeTable(
  group: Group,
  name: string,
  type: string,
  namespace: Namespace,
  description: string,
  columns: readonly string[],
  rows: number,
  content: string,
): Group {
  const table = typed(group.create_group(name), type, content, namespace);
  textAttribute(table, 'description', description);
  table.create_attribute('colnames', [...columns], [columns.length], 'S');
  const id = writeColumn(
    table,
    'id',
    Int32Array.from({ length: rows }, (_, i) => i),
  );
  typed(id, 'ElementIdentifiers', content, 'hdmf-common');
  return table;
}

export function writeTableColumn(
  table: Group,
  name: string,
  description: string,
  values: Column,
  content: string,
): Dataset {
  const dataset =
    values instanceof Float64Array || values instanceof Float32Array || values instanceof Int32Array
      ? writeColumn(table, name, values)
      : table.create_dataset({ name, data: [...values], shape: [values.length], dtype: 'S' });
  return asColumn(dataset, description, content);
}

export function asColumn(dataset: Dataset, description: string, content: string): Dataset {
  textAttribute(dataset, 'description', description);
  return typed(dataset, 'VectorData', content, 'hdmf-common');
}

/** The index of a ragged column: where the values of each row end. */
export function writeIndex(
  table: Group,
  target: Dataset,
  name: string,
  ends: Uint32Array,
  content: string,
): void {
  const index = typed(writeColumn(table, `${name}_index`, ends), 'VectorIndex', content, 'hdmf-common');
  textAttribute(index, 'description', `where the ${name} of each row end`);
  index.create_attribute('target', target.create_reference(), null, 'Reference');
}

/** Start and rate of a regularly sampled series. */
export function writeStart(series: Group, rateHz: number): void {
  const start = series.create_dataset({ name: 'starting_time', data: 0, dtype: '<d' });
  start.create_attribute('rate', rateHz, null, '<f');
  textAttribute(start, 'unit', 'seconds');
}

/** The root of a file: what every NWB file must say about itself. */
export function writeRoot(
  file: Hdf5File,
  content: string,
  { identifier, description, startedAt }: { identifier: string; description: string; startedAt: string },
): void {
  typed(file, 'NWBFile', content);
  textAttribute(file as unknown as Group, 'nwb_version', NWB_VERSION);
  file.create_dataset({ name: 'file_create_date', data: [startedAt], shape: [1], dtype: 'S' });
  writeText(file, 'identifier', identifier);
  writeText(file, 'session_description', description);
  writeText(file, 'session_start_time', startedAt);
  writeText(file, 'timestamps_reference_time', startedAt);
  for (const name of ['acquisition', 'analysis', 'processing', 'general', 'stimulus'])
    file.create_group(name);
  const stimulus = file.get('stimulus') as Group;
  stimulus.create_group('presentation');
  stimulus.create_group('templates');
}
