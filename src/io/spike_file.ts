import { readSpikesH5, type SpikeEvents } from './hdf5/spikes_h5.js';
import { readNwbUnits } from './nwb/read.js';
import { readCsvNumbers } from './tables/csv_numbers.js';
import type { NeuronIdentity } from './tables/run_tables.js';

export interface SpikeFile {
  readonly spikes: SpikeEvents;
  /** The neurons, where the file of spikes lists them. */
  readonly identities: readonly NeuronIdentity[] | null;
}

export const isNwb = (path: string): boolean => path.endsWith('.nwb');

/**
 * Reads spikes: `neuron,time_ms` (.csv), SONATA with one population (.h5), or the Units of NWB (.nwb), where neurons
 * without a group get `unnamedGroup`. Throws InputError, with file and line where one is at fault.
 */
export async function readSpikeFile(path: string, unnamedGroup: string): Promise<SpikeFile> {
  if (isNwb(path)) return readNwbUnits(path, unnamedGroup);
  if (/\.(h5|hdf5)$/.test(path)) return { spikes: await readSpikesH5(path), identities: null };
  const { neuron: neurons, time_ms: timesMs } = await readCsvNumbers(path, {
    neuron: 'index',
    time_ms: 'number',
  });
  return { spikes: { neurons, timesMs }, identities: null };
}
