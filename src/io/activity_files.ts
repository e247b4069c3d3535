import type { CircuitActivity } from '../analysis/circuit_activity.js';
import { type GraphFromEdges, graphFromEdges } from '../analysis/connectivity/graph.js';
import type { DirectedGraph, NeuronGroup, SampledSignal, TimeWindow } from '../analysis/data.js';
import { spikeTrainsFromEvents } from '../analysis/spiketrain/trains.js';
import { InputError, requirePrintable } from './input_error.js';
import { readNwbLfp } from './nwb/read.js';
import { isNwb, readSpikeFile } from './spike_file.js';
import { type CsvTable, readCsv } from './tables/csv.js';
import { readCsvNumbers } from './tables/csv_numbers.js';
import type { NeuronIdentity } from './tables/run_tables.js';

/** External data. Neurons are numbered from 0 across all files. */
export interface ActivityFiles {
  /** `neuron,time_ms`, SONATA (.h5) with one population, or the Units of NWB (.nwb), which also name the neurons. */
  readonly spikes: string;
  /** `neuron,population[,x_um,y_um,z_um]`, each neuron once; without it, one group up to the largest number seen. */
  readonly neurons?: string;
  /** `time_ms,lfp_uV`, equally spaced, or the first electrode of an ElectricalSeries of NWB (.nwb). */
  readonly lfp?: string;
  /** `source,target[,weight_nS,delay_ms]`. */
  readonly edges?: string;
}

export interface ExternalActivity {
  readonly activity: CircuitActivity;
  readonly identities: readonly NeuronIdentity[];
}

/** Name of the one group of neurons that no file names. */
const UNNAMED_GROUP = 'all';
/** A larger number is more likely a mistake than a neuron. */
const MAX_UNNAMED_NEURONS = 10_000_000;
/** Samples may be off by this fraction of a period, because times in files are rounded. */
const SPACING_TOLERANCE = 0.01;

/**
 * Reads activity recorded over [0, window.stopMs], to be analysed within `window`.
 * Throws InputError, with file and line where one is at fault, and AnalysisError on spikes that are not valid trains.
 */
export async function readActivity(files: ActivityFiles, window: TimeWindow): Promise<ExternalActivity> {
  const { spikes, identities: listed } = await readSpikeFile(files.spikes, UNNAMED_GROUP);
  const late = spikes.timesMs.findIndex((time) => time > window.stopMs);
  if (late >= 0)
    throw new InputError(
      `${files.spikes}: a spike of neuron ${spikes.neurons[late]} at ${spikes.timesMs[late]} ms is after the duration, ${window.stopMs} ms`,
    );
  const edges =
    files.edges === undefined
      ? null
      : await readCsvNumbers(files.edges, { source: 'index', target: 'index' });
  const { source: sources, target: targets } = edges ?? {};
  const identities =
    files.neurons === undefined
      ? (listed ?? unnamedNeurons([spikes.neurons, sources ?? [], targets ?? []]))
      : await readNeurons(files.neurons);
  const count = identities.length;
  requireListed(files.spikes, spikes.neurons, count);
  if (files.edges !== undefined && sources && targets) {
    requireListed(files.edges, sources, count);
    requireListed(files.edges, targets, count);
  }
  const fromEdges: GraphFromEdges<DirectedGraph> | null =
    sources && targets ? graphFromEdges({ nodes: count, sources, targets }) : null;
  return {
    identities,
    activity: {
      neurons: count,
      groups: groupsOf(identities),
      window,
      spikes: spikeTrainsFromEvents(spikes.neurons, spikes.timesMs, count),
      lfp: files.lfp === undefined ? null : await readLfp(files.lfp),
      signedLfp: null,
      lateralDistances_mm: null,
      input: null,
      traces: null,
      graph: fromEdges?.graph ?? null,
      synapses: sources?.length ?? null,
    },
  };
}

function unnamedNeurons(numbers: readonly ArrayLike<number>[]): NeuronIdentity[] {
  let count = 0;
  for (const list of numbers) for (let k = 0; k < list.length; k++) count = Math.max(count, list[k] + 1);
  if (count > MAX_UNNAMED_NEURONS)
    throw new InputError(
      `neuron ${count - 1} would make ${count} neurons; without a file of neurons at most ${MAX_UNNAMED_NEURONS} are assumed`,
    );
  return Array.from({ length: count }, () => ({ population: UNNAMED_GROUP, position_um: null }));
}

async function readNeurons(path: string): Promise<NeuronIdentity[]> {
  const table = await readCsv(path);
  const numbers = table.indices('neuron');
  const populations = table.text('population');
  const positions = positionsOf(table);
  const identities: NeuronIdentity[] = [];
  numbers.forEach((neuron, row) => {
    const line = `${path}:${row + 2}`;
    if (neuron >= numbers.length)
      throw new InputError(
        `${line}: neuron: expected each number from 0 to ${numbers.length - 1} once; got ${neuron}`,
      );
    if (identities[neuron]) throw new InputError(`${line}: neuron ${neuron} is listed twice`);
    if (populations[row] === '') throw new InputError(`${line}: population: expected a name; got nothing`);
    requirePrintable(`${line}: population`, populations[row]);
    identities[neuron] = { population: populations[row], position_um: positions ? positions(row) : null };
  });
  return identities;
}

function positionsOf(table: CsvTable): ((row: number) => [number, number, number]) | null {
  if (!table.has('x_um')) return null;
  const [x, y, z] = ['x_um', 'y_um', 'z_um'].map((column) => table.numbers(column));
  return (row) => [x[row], y[row], z[row]];
}

function requireListed(path: string, neurons: Uint32Array, count: number): void {
  const row = neurons.findIndex((neuron) => neuron >= count);
  if (row >= 0)
    throw new InputError(`${path}: neuron ${neurons[row]} is not in the list of neurons, 0 to ${count - 1}`);
}

function groupsOf(identities: readonly NeuronIdentity[]): NeuronGroup[] {
  const members = new Map<string, number[]>();
  identities.forEach(({ population }, neuron) => {
    const list = members.get(population);
    if (list) list.push(neuron);
    else members.set(population, [neuron]);
  });
  return [...members].map(([name, neurons]) => ({ name, neurons: Uint32Array.from(neurons), sign: null }));
}

const readLfp = (path: string): Promise<SampledSignal> => (isNwb(path) ? readNwbLfp(path) : readSignal(path));

async function readSignal(path: string): Promise<SampledSignal> {
  const { time_ms: times, lfp_uV: values } = await readCsvNumbers(path, {
    time_ms: 'number',
    lfp_uV: 'number',
  });
  if (times.length < 2) throw new InputError(`${path}: expected at least 2 samples; got ${times.length}`);
  const startMs = times[0];
  const periodMs = (times[times.length - 1] - startMs) / (times.length - 1);
  if (!(periodMs > 0)) throw new InputError(`${path}: time_ms does not ascend`);
  const uneven = times.findIndex(
    (time, k) => Math.abs(time - (startMs + k * periodMs)) > SPACING_TOLERANCE * periodMs,
  );
  if (uneven >= 0)
    throw new InputError(
      `${path}:${uneven + 2}: time_ms: expected samples ${periodMs} ms apart; got ${times[uneven]} where ${startMs + uneven * periodMs} should be`,
    );
  return { sampleRateHz: 1000 / periodMs, startMs, values };
}
