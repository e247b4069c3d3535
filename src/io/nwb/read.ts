import type { SampledSignal } from '../../analysis/data.js';
import { numbersOf, readHdf5, readSlices, requireDataset } from '../hdf5/hdf5.js';
import { Dataset, Group, type Hdf5File } from '../hdf5/hdf5_file.js';
import type { SpikeEvents } from '../hdf5/spikes_h5.js';
import { InputError, requirePrintable } from '../input_error.js';
import { readIntegers } from '../sonata/table.js';
import type { NeuronIdentity } from '../tables/run_tables.js';

const MS_PER_S = 1000;
const UV_PER_VOLT = 1e6;
/** Samples may be off by this fraction of a period, because times in files are rounded. */
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
    const ends = readIntegers(file, 'units/spike_times_index');
    const count = requireDataset(file, 'units/spike_times').shape?.[0] ?? 0;
    if (ends.some((end, i) => end < (ends[i - 1] ?? 0)) || (ends[ends.length - 1] ?? 0) !== count)
      throw new InputError(`${path}: /units/spike_times_index does not divide the ${count} spike times`);
    const timesMs = new Float64Array(count);
    let at = 0;
    for (const slice of readSlices(file, 'units/spike_times'))
      for (let k = 0; k < slice.length; k++)
        timesMs[at++] = finite(file, 'units/spike_times', slice[k]) * MS_PER_S;
    const neurons = new Uint32Array(count);
    ends.forEach((end, i) => {
      neurons.fill(i, ends[i - 1] ?? 0, end);
    });
    const text = POPULATION_COLUMNS.map((name) => unitColumn(file, name, ends.length)).find(Boolean);
    const axes = ['x', 'y', 'z'].map((axis) => unitColumn(file, axis, ends.length));
    const identities = Array.from(ends, (_, i): NeuronIdentity => {
      const [x, y, z] = axes.map((axis) => (axis ? Number(axis[i]) : Number.NaN));
      const isPlaced = [x, y, z].every(Number.isFinite);
      const population = text
        ? requirePrintable(`${path}: population of unit ${i}`, String(text[i]))
        : unnamedGroup;
      return { population, position_um: isPlaced ? [x, y, z] : null };
    });
    return { spikes: { timesMs, neurons }, identities };
  });

function unitColumn(file: Hdf5File, name: string, rows: number): ArrayLike<unknown> | null {
  const column = file.get(`units/${name}`);
  return column instanceof Dataset && column.shape?.length === 1 && column.shape[0] === rows
    ? (column.value as ArrayLike<unknown>)
    : null;
}

/**
 * Reads the first electrode of the first ElectricalSeries of an NWB 2 file (in the order of their paths, processed ones
 * before raw ones), in uV. Throws InputError where there is none or where its samples are not equally spaced.
 */
export const readNwbLfp = (path: string): Promise<SampledSignal> =>
  readHdf5(path, (file) => {
    const series = electricalSeries(file);
    if (!series)
      throw new InputError(`${path}: there is no ElectricalSeries under /processing or /acquisition`);
    const place = `${series.path}/data`;
    const data = requireDataset(file, place);
    const attribute = (name: string, fallback: number) =>
      finite(file, `${place}.${name}`, data.attrs[name]?.value ?? fallback);
    const [conversion, offset] = [attribute('conversion', 1), attribute('offset', 0)];
    const [samples = 0, ...electrodes] = data.shape ?? [];
    if (samples < 2) throw new InputError(`${path}: expected at least 2 samples; got ${samples}`);
    if (electrodes.length > 1 || electrodes[0] === 0)
      throw new InputError(
        `${path}: /${place}: expected samples x electrodes; got ${data.shape?.join(' x ')} values`,
      );
    const first = electrodes.map((): [number, number] => [0, 1]);
    const column = numbersOf(file, place, data.slice([[0, samples], ...first]));
    return {
      ...timing(file, series, samples),
      values: Float64Array.from(
        column as ArrayLike<number>,
        (value) => (finite(file, place, value) * conversion + offset) * UV_PER_VOLT,
      ),
    };
  });

/** Throws InputError where a value is not a finite number. */
function finite(file: Hdf5File, place: string, value: unknown): number {
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new InputError(`${file.filename}: /${place}: expected a finite number; got ${String(value)}`);
}

/** Groups within groups that are entered, and objects that are looked at: those of a damaged file may contain each other. */
const MAX_DEPTH = 16;
const MAX_OBJECTS = 10_000;

/** The first ElectricalSeries, in the order of their paths. */
function electricalSeries(file: Hdf5File): Group | null {
  const waiting = ['acquisition', 'processing'];
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen === MAX_OBJECTS)
      throw new InputError(`${file.filename}: no ElectricalSeries among the first ${MAX_OBJECTS} objects`);
    const path = waiting.pop()!;
    const object = file.get(path);
    if (!(object instanceof Group)) continue;
    if (object.attrs.neurodata_type?.value === 'ElectricalSeries') return object;
    if (path.split('/').length === MAX_DEPTH) continue;
    const names = [...object.keys()].sort().reverse();
    waiting.push(...names.map((name) => `${path}/${name}`));
  }
  return null;
}

function timing(file: Hdf5File, { path }: Group, samples: number): Omit<SampledSignal, 'values'> {
  const start = file.get(`${path}/starting_time`);
  if (start instanceof Dataset) {
    const sampleRateHz = finite(file, `${path}/starting_time.rate`, start.attrs.rate?.value);
    if (!(sampleRateHz > 0))
      throw new InputError(
        `${file.filename}: /${path}/starting_time.rate: expected a number above 0; got ${sampleRateHz}`,
      );
    return { sampleRateHz, startMs: finite(file, start.path, start.value) * MS_PER_S };
  }
  const place = `${path}/timestamps`;
  const times = numbersOf(file, place, requireDataset(file, place).value) as ArrayLike<number>;
  if (times.length !== samples)
    throw new InputError(`${file.filename}: /${place}: expected ${samples} times; got ${times.length}`);
  const startS = Number(times[0]);
  const period = (Number(times[samples - 1]) - startS) / (samples - 1);
  for (let k = 0; k < samples; k++)
    if (!(Math.abs(Number(times[k]) - startS - k * period) <= SPACING_TOLERANCE * period))
      throw new InputError(
        `${file.filename}: /${place}: expected samples ${period} s apart; got ${times[k]} s as sample ${k}`,
      );
  if (!(period > 0 && Number.isFinite(period)))
    throw new InputError(`${file.filename}: /${place}: the times do not ascend`);
  return { sampleRateHz: 1 / period, startMs: startS * MS_PER_S };
}
