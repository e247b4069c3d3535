import { InputError } from '../input_error.js';
import { writeMagic } from '../sonata/magic.js';
import {
  namesIn,
  readHdf5,
  readSlices,
  requireDataset,
  textAttribute,
  writeColumn,
  writeHdf5,
} from './hdf5.js';
import type { Hdf5File } from './hdf5_file.js';

/** Spikes in the order of time; equal lengths. */
export interface SpikeEvents {
  readonly timesMs: Float64Array;
  readonly neurons: Uint32Array;
}

/**
 * Writes spikes as SONATA: `/spikes/<population>/{timestamps [ms, f64], node_ids [u64]}`, sorted by time. All neurons
 * are one node population; their ids are those of neurons.csv. `sorting` is text, as BMTK reads it.
 */
export const writeSpikesH5 = (path: string, population: string, spikes: SpikeEvents): Promise<void> =>
  writeHdf5(path, (file) => {
    writeMagic(file);
    const group = file.create_group('spikes').create_group(population);
    textAttribute(group, 'sorting', 'by_time');
    textAttribute(writeColumn(group, 'timestamps', spikes.timesMs), 'units', 'ms');
    writeColumn(group, 'node_ids', BigUint64Array.from(spikes.neurons, BigInt));
  });

/** Reads a SONATA spike file with one population. Throws InputError on any other file. */
export const readSpikesH5 = (path: string): Promise<SpikeEvents> =>
  readHdf5(path, (file) => spikesIn(file, spikeGroup(file)));

const MILLISECONDS = ['ms', 'milliseconds'];

/** Reads a SONATA spike file with the spikes of each of its populations, in ms. Throws InputError on any other file. */
export const readSpikePopulations = (path: string): Promise<Map<string, SpikeEvents>> =>
  readHdf5(path, (file) => {
    const names = namesIn(file, 'spikes');
    if (names.length === 0) throw new InputError(`${path}: there is no population under /spikes`);
    return new Map(names.map((name) => [name, spikesIn(file, `spikes/${name}`)]));
  });

function spikesIn(file: Hdf5File, group: string): SpikeEvents {
  const units = requireDataset(file, `${group}/timestamps`).attrs.units?.value;
  if (units !== undefined && !MILLISECONDS.includes(String(units)))
    throw new InputError(`${file.filename}: /${group}/timestamps: units: expected ms; got ${String(units)}`);
  const timesMs = readInto(file, `${group}/timestamps`, (length) => new Float64Array(length));
  const neurons = readInto(file, `${group}/node_ids`, (length) => new Uint32Array(length));
  if (timesMs.length !== neurons.length)
    throw new InputError(
      `${file.filename}: ${timesMs.length} timestamps but ${neurons.length} node_ids of ${group}`,
    );
  return { timesMs, neurons };
}

/** A column in the caller's own type, without a second copy of the whole. Throws InputError at a value that it cannot have. */
function readInto<T extends Float64Array | Uint32Array>(
  file: Hdf5File,
  path: string,
  allocate: (length: number) => T,
): T {
  const values = allocate(requireDataset(file, path).shape?.[0] ?? 0);
  const allowed = values instanceof Uint32Array ? 'a whole number from 0 to 4294967295' : 'a finite number';
  let at = 0;
  for (const slice of readSlices(file, path))
    for (let k = 0; k < slice.length; k++) {
      const value = Number(slice[k]);
      values[at] = value;
      if (values[at] !== value || !Number.isFinite(value))
        throw new InputError(
          `${file.filename}: /${path}: expected ${allowed}; got ${slice[k]} as value ${at}`,
        );
      at++;
    }
  return values;
}

/** The group of the one population whose spikes a SONATA file holds. Throws InputError where they are not one. */
export function spikeGroup(file: Hdf5File): string {
  const names = namesIn(file, 'spikes');
  if (names.length !== 1)
    throw new InputError(
      `${file.filename}: expected one population under /spikes; got ${names.join(', ') || 'none'}`,
    );
  return `spikes/${names[0]}`;
}
