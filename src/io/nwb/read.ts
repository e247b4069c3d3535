import { Dataset, Group, type File as Hdf5File } from 'h5wasm/node';
import type { SampledSignal } from '../../analysis/data.js';
import { readHdf5, readSlices, requireDataset } from '../hdf5.js';
import { InputError } from '../input_error.js';
import type { NeuronIdentity } from '../run_tables.js';
import type { SpikeEvents } from '../spikes_h5.js';

const MS_PER_S = 1000;
const UV_PER_VOLT = 1e6;
/** Samples may lie this part of a period off their place: times in files are rounded. */
const SPACING_TOLERANCE = 0.01;
/** Columns of Units that name a neuron's group, best first. */
const POPULATION_COLUMNS = ['population', 'cell_type'];

export interface NwbUnits {
  /** In the order of the units; a neuron's number is its row. */
  readonly spikes: SpikeEvents;
  readonly identities: readonly NeuronIdentity[];
}

/**
 * Reads /units of an NWB 2 file: spike times (s in the file), and population and position where columns `population` or
 * `cell_type` and `x`, `y`, `z` hold them; without a column, all are one population. Throws InputError on any other file.
 */
export const readNwbUnits = (path: string, unnamedGroup: string): Promise<NwbUnits> =>
  readHdf5(path, (file) => {
    const ends = Array.from(
      requireDataset(file, 'units/spike_times_index').value as ArrayLike<number>,
      Number,
    );
    const count = requireDataset(file, 'units/spike_times').shape?.[0] ?? 0;
    if (ends.some((end, i) => end < (ends[i - 1] ?? 0)) || (ends.at(-1) ?? 0) !== count)
      throw new InputError(`${path}: /units/spike_times_index does not divide the ${count} spike times`);
    const timesMs = new Float64Array(count);
    let at = 0;
    for (const slice of readSlices(file, 'units/spike_times'))
      for (let k = 0; k < slice.length; k++) timesMs[at++] = Number(slice[k]) * MS_PER_S;
    const neurons = new Uint32Array(count);
    ends.forEach((end, i) => {
      neurons.fill(i, ends[i - 1] ?? 0, end);
    });
    const text = POPULATION_COLUMNS.map((name) => unitColumn(file, name, ends.length)).find(Boolean);
    const axes = ['x', 'y', 'z'].map((axis) => unitColumn(file, axis, ends.length));
    const identities = ends.map((_, i): NeuronIdentity => {
      const [x, y, z] = axes.map((axis) => (axis ? Number(axis[i]) : Number.NaN));
      const isPlaced = [x, y, z].every(Number.isFinite);
      return { population: text ? String(text[i]) : unnamedGroup, position_um: isPlaced ? [x, y, z] : null };
    });
    return { spikes: { timesMs, neurons }, identities };
  });

function unitColumn(file: Hdf5File, name: string, rows: number): ArrayLike<unknown> | null {
  const column = file.get(`units/${name}`);
  return column instanceof Dataset && column.shape?.[0] === rows
    ? (column.value as ArrayLike<unknown>)
    : null;
}

/**
 * Reads the first electrode of the first ElectricalSeries of an NWB 2 file (in the order of their paths, processed ones
 * before raw ones), in uV. Throws InputError where there is none or where its samples are not equally spaced.
 */
export const readNwbLfp = (path: string): Promise<SampledSignal> =>
  readHdf5(path, (file) => {
    const series = ['processing', 'acquisition'].flatMap((root) => electricalSeries(file.get(root)))[0];
    if (!series)
      throw new InputError(`${path}: there is no ElectricalSeries under /processing or /acquisition`);
    const data = requireDataset(file, `${series.path.slice(1)}/data`);
    const attribute = (name: string, fallback: number) => Number(data.attrs[name]?.value ?? fallback);
    const toUv = (value: number) =>
      (value * attribute('conversion', 1) + attribute('offset', 0)) * UV_PER_VOLT;
    const samples = data.shape?.[0] ?? 0;
    if (samples < 2) throw new InputError(`${path}: expected at least 2 samples; got ${samples}`);
    const column =
      data.shape!.length > 1
        ? data.slice([
            [0, samples],
            [0, 1],
          ])
        : data.value;
    return { ...timing(file, series, samples), values: Float64Array.from(column as ArrayLike<number>, toUv) };
  });

function electricalSeries(object: unknown): Group[] {
  if (!(object instanceof Group)) return [];
  if (object.attrs.neurodata_type?.value === 'ElectricalSeries') return [object];
  return object
    .keys()
    .sort()
    .flatMap((name) => electricalSeries(object.get(name)));
}

function timing(file: Hdf5File, series: Group, samples: number): Omit<SampledSignal, 'values'> {
  const place = series.path.slice(1);
  const start = series.get('starting_time');
  if (start instanceof Dataset)
    return { sampleRateHz: Number(start.attrs.rate.value), startMs: Number(start.value) * MS_PER_S };
  const times = requireDataset(file, `${place}/timestamps`).value as ArrayLike<number>;
  const period = (times[samples - 1] - times[0]) / (samples - 1);
  for (let k = 0; k < samples; k++)
    if (!(Math.abs(times[k] - times[0] - k * period) <= SPACING_TOLERANCE * period))
      throw new InputError(
        `${file.filename}: /${place}/timestamps: expected samples ${period} s apart; got ${times[k]} s as sample ${k}`,
      );
  return { sampleRateHz: 1 / period, startMs: times[0] * MS_PER_S };
}
