import { access, constants } from 'node:fs/promises';
import { Dataset, Group, File as Hdf5File, ready } from 'h5wasm/node';
import { fileError, InputError } from './input_error.js';

/** Spikes in the order of time; equal lengths. */
export interface SpikeEvents {
  readonly timesMs: Float64Array;
  readonly neurons: Uint32Array;
}

/** The library, with HDF5's errors thrown instead of printed. */
const hdf5Ready = ready.then((library) => library.activate_throwing_error_handler());

const SONATA_MAGIC = 0x0a7a;
/** Values in a compressed chunk. */
const CHUNK = 16384;

/**
 * Writes spikes as SONATA: `/spikes/<population>/{timestamps [ms, f64], node_ids [u64]}`, sorted by time. All neurons
 * are one node population; their ids are those of neurons.csv. `sorting` is text, as BMTK reads it.
 */
export async function writeSpikesH5(path: string, population: string, spikes: SpikeEvents): Promise<void> {
  await hdf5Ready;
  withFixedClock(() => {
    const file = new Hdf5File(path, 'w');
    try {
      file.create_attribute('magic', SONATA_MAGIC, null, '<I');
      file.create_attribute('version', new Uint32Array([0, 1]), [2], '<I');
      const group = file.create_group('spikes').create_group(population);
      group.create_attribute('sorting', 'by_time', null, 'S');
      const layout =
        spikes.timesMs.length > 0 ? { chunks: [Math.min(CHUNK, spikes.timesMs.length)], compression: 4 } : {};
      group
        .create_dataset({ name: 'timestamps', data: spikes.timesMs, ...layout })
        .create_attribute('units', 'ms', null, 'S');
      group.create_dataset({
        name: 'node_ids',
        data: BigUint64Array.from(spikes.neurons, BigInt),
        ...layout,
      });
    } finally {
      file.close();
    }
  });
}

/** HDF5 stamps every object with the time at which it was written; equal spikes shall give equal bytes. */
function withFixedClock(write: () => void): void {
  const now = Date.now;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}

/** Reads a SONATA spike file with one population. Throws InputError on any other file. */
export async function readSpikesH5(path: string): Promise<SpikeEvents> {
  await hdf5Ready;
  await access(path, constants.R_OK).catch((error) => {
    throw fileError('read', path, error);
  });
  let file: Hdf5File | null = null;
  try {
    file = new Hdf5File(path, 'r');
    return readEvents(file, path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`cannot read ${path}: it is not an HDF5 file, or it is damaged`, { cause: error });
  } finally {
    file?.close();
  }
}

function readEvents(file: Hdf5File, path: string): SpikeEvents {
  const spikes = file.get('spikes');
  const names = spikes instanceof Group ? spikes.keys() : [];
  if (names.length !== 1)
    throw new InputError(`${path}: expected one population under /spikes; got ${names.join(', ') || 'none'}`);
  const column = (name: string) => {
    const dataset = file.get(`spikes/${names[0]}/${name}`);
    if (!(dataset instanceof Dataset))
      throw new InputError(`${path}: there is no dataset /spikes/${names[0]}/${name}`);
    return dataset.value as ArrayLike<number | bigint>;
  };
  const timesMs = Float64Array.from(column('timestamps'), Number);
  const neurons = Uint32Array.from(column('node_ids'), Number);
  if (timesMs.length !== neurons.length)
    throw new InputError(`${path}: ${timesMs.length} timestamps but ${neurons.length} node_ids`);
  return { timesMs, neurons };
}
