import type { File as Hdf5File } from 'h5wasm/node';
import type { Network } from '../../network/network.js';
import { readHdf5, readSlices, SLICE, writeColumn, writeSlices } from '../hdf5/hdf5.js';
import { spikeGroup } from '../hdf5/spikes_h5.js';
import { InputError } from '../input_error.js';
import { asColumn, writeIndex, writeTable, writeTableColumn } from './nwb_file.js';

const MS_PER_S = 1000;

/** Spike times neuron by neuron. */
export interface Trains {
  /** In s; those of neuron i are `ends[i - 1] .. ends[i]`, ascending. */
  readonly timesS: Float64Array;
  readonly ends: Uint32Array;
}

/**
 * Gathers a run's spikes by neuron, in two passes over the file, with 8 bytes per spike and one slice of the file in
 * memory.
 */
export const readTrains = (spikesH5: string, neurons: number): Promise<Trains> =>
  readHdf5(spikesH5, (file) => {
    const group = spikeGroup(file);
    const starts = new Uint32Array(neurons + 1);
    for (const slice of readSlices(file, `${group}/node_ids`))
      for (let k = 0; k < slice.length; k++) {
        const neuron = Number(slice[k]);
        if (neuron >= neurons)
          throw new InputError(`${spikesH5}: neuron ${neuron} is not in the circuit, which has ${neurons}`);
        starts[neuron + 1]++;
      }
    for (let i = 0; i < neurons; i++) starts[i + 1] += starts[i];
    const timesS = new Float64Array(starts[neurons]);
    const next = starts.slice(0, neurons);
    const times = readSlices(file, `${group}/timestamps`)[Symbol.iterator]();
    for (const ids of readSlices(file, `${group}/node_ids`)) {
      const { value } = times.next();
      for (let k = 0; k < ids.length; k++) timesS[next[Number(ids[k])]++] = Number(value[k]) / MS_PER_S;
    }
    return { timesS, ends: next };
  });

/** Writes /units: spike times, the observed interval, population, cell type and soma position of every neuron. */
export function writeUnits(
  nwb: Hdf5File,
  { circuit, neurons, populations, positions_um }: Network,
  { timesS, ends }: Trains,
  simulatedMs: number,
  content: string,
): void {
  const columns = ['spike_times', 'obs_intervals', 'population', 'cell_type', 'x', 'y', 'z'];
  const units = writeTable(nwb, 'units', 'Units', 'core', 'simulated neurons', columns, neurons, content);
  const pieces = function* () {
    for (let at = 0; at < timesS.length; at += SLICE) yield timesS.subarray(at, at + SLICE);
  };
  const times = asColumn(writeSlices(units, 'spike_times', pieces()), 'spike times in s', content);
  times.create_attribute('resolution', circuit.simulation.dt_ms / MS_PER_S, null, '<d');
  writeIndex(units, times, 'spike_times', ends, content);
  // Neo cannot read Units without the observed intervals.
  const intervals = Float64Array.from({ length: 2 * neurons }, (_, k) => (k % 2) * (simulatedMs / MS_PER_S));
  const observed = writeColumn(units, 'obs_intervals', intervals, [neurons, 2]);
  asColumn(observed, 'simulated time in s', content);
  writeIndex(
    units,
    observed,
    'obs_intervals',
    Uint32Array.from(ends, (_, i) => i + 1),
    content,
  );

  const perNeuron = (text: (population: string) => string): string[] =>
    populations.flatMap(({ name, count }) => Array<string>(count).fill(text(name)));
  writeTableColumn(
    units,
    'population',
    'population of the circuit',
    perNeuron((name) => name),
    content,
  );
  const cellTypes = perNeuron((name) => circuit.populations[name].cell);
  writeTableColumn(units, 'cell_type', 'cell type of the circuit', cellTypes, content);
  ['x', 'y', 'z'].forEach((axis, a) => {
    const values = Float32Array.from({ length: neurons }, (_, i) => positions_um[3 * i + a]);
    writeTableColumn(units, axis, `${axis} position of the soma in um`, values, content);
  });
}
