import type { DeviceChoice } from '../engine/open_engine.js';
import { InputError } from '../io/input_error.js';
import type { Circuit } from '../model/circuit.js';
import { resolveCircuit } from '../model/circuit_file.js';
import { PRESETS } from '../model/presets.js';
import { COBAHH_AS_PUBLISHED, type CobahhOptions, cobahh } from './cobahh.js';

export const BENCHMARKS = ['cobahh', 'cobahh-delay', 'cortical-gamma', 'ensemble', 'scaling'] as const;
export type BenchmarkName = (typeof BENCHMARKS)[number];

/** Simulated before the clock starts: drivers compile kernels and touch memory at first use. */
export const WARM_UP_MS = 5;

/** Synapses of a neuron in the load: the published benchmarks of GPU simulators count events with 1000. */
const LOAD_SYNAPSES_PER_NEURON = 1000;
const DELAY_MS = 1.5;
/** Cortical circuits that the ensemble simulates side by side, with the seeds 1 to that many. */
const ENSEMBLE_MEMBERS = 64;
const SCALING_NEURONS = [4000, 10_000, 32_000, 100_000, 320_000, 1_000_000];

/** Options of a benchmark; those that are not given have the benchmark's default. */
export interface BenchmarkChoices {
  readonly neurons?: readonly number[];
  readonly synapsesPerNeuron?: number;
  readonly delayMs?: number;
  /** Zero-weight synapses: delivery at a steady 13.04 Hz, whatever their number. */
  readonly load?: boolean;
  /** Simulated time that is measured. */
  readonly seconds?: number;
  readonly device?: DeviceChoice;
}

/** One network to measure, as plain data that a child process can be sent. */
export interface BenchmarkCase {
  readonly name: BenchmarkName;
  /** Null: the cortical circuit as it is. */
  readonly cobahh: CobahhOptions | null;
  /** Circuits of different seeds that are simulated side by side. */
  readonly members: number;
  readonly seconds: number;
  readonly device: DeviceChoice;
  /** Whether the whole analysis of the recording is a phase of the benchmark. */
  readonly analyzes: boolean;
}

/** The networks of a benchmark, smallest first. Throws InputError for choices that it does not have. */
export function benchmarkCases(name: BenchmarkName, choices: BenchmarkChoices): readonly BenchmarkCase[] {
  const {
    load = false,
    device = 'auto',
    seconds = name === 'scaling' || name === 'ensemble' ? 0.1 : 1,
  } = choices;
  if (!(seconds * 1000 >= 1)) throw new InputError(`--seconds: expected at least 0.001; got ${seconds}`);
  const isEnsemble = name === 'ensemble';
  const analyzes = name !== 'scaling' && !isEnsemble;
  const common = { name, seconds, device, analyzes, members: isEnsemble ? ENSEMBLE_MEMBERS : 1 };
  if (name === 'cortical-gamma' || isEnsemble) {
    const { neurons, synapsesPerNeuron, delayMs } = choices;
    for (const [option, value] of Object.entries({
      neurons,
      synapsesPerNeuron,
      delayMs,
      load: load || undefined,
    }))
      if (value !== undefined)
        throw new InputError(`${name} uses the cortical circuit: ${option} cannot be chosen`);
    return [{ ...common, cobahh: null }];
  }
  const {
    neurons = name === 'scaling' ? SCALING_NEURONS : [COBAHH_AS_PUBLISHED.neurons],
    synapsesPerNeuron = load ? LOAD_SYNAPSES_PER_NEURON : COBAHH_AS_PUBLISHED.synapsesPerNeuron,
    delayMs = name === 'cobahh' ? 0 : DELAY_MS,
  } = choices;
  for (const count of neurons) {
    if (!(Number.isInteger(count) && count >= 5))
      throw new InputError(`--neurons: expected whole numbers from 5; got ${count}`);
    if (!(synapsesPerNeuron >= 0 && synapsesPerNeuron <= count))
      throw new InputError(
        `--synapses-per-neuron: expected 0 to the number of neurons, ${count}; got ${synapsesPerNeuron}`,
      );
  }
  return [...neurons]
    .sort((a, b) => a - b)
    .map((count) => ({
      ...common,
      cobahh: { neurons: count, synapsesPerNeuron, delayMs, live: !load },
    }));
}

/** The circuit of a case, as long as warm-up and measurement together. */
export function circuitOf({ cobahh: options, seconds }: BenchmarkCase): Circuit {
  return resolveCircuit(options === null ? PRESETS['cortical-gamma'] : cobahh(options), {
    overrides: [
      { path: 'simulation.duration_ms', value: WARM_UP_MS + seconds * 1000, source: '--seconds' },
      { path: 'simulation.transient_ms', value: 0, source: '--seconds' },
    ],
  });
}
