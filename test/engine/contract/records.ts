import type { Engine, NeuronStates, RecordedBlock } from '../../../src/engine/engine.js';

/** Everything that an engine hands out over some steps, joined. */
export interface Records {
  readonly blocks: readonly RecordedBlock[];
  readonly spikes: readonly { readonly step: number; readonly neuron: number }[];
  readonly populationSums: readonly number[];
  readonly lfp_uV: readonly number[];
  readonly traces: readonly number[];
}

/** Advances an engine by pieces of the given lengths, in steps. */
export async function recordPieces(engine: Engine, pieces: readonly number[]): Promise<Records> {
  const blocks: RecordedBlock[] = [];
  for (const steps of pieces) await engine.advance(steps, { onBlock: (block) => blocks.push(block) });
  return {
    blocks,
    spikes: blocks.flatMap(({ spikeSteps, spikeNeurons }) =>
      Array.from(spikeSteps, (step, k) => ({ step, neuron: spikeNeurons[k] })),
    ),
    populationSums: blocks.flatMap(({ populationSums }) => [...populationSums]),
    lfp_uV: blocks.flatMap(({ lfp_uV }) => [...lfp_uV]),
    traces: blocks.flatMap(({ traces }) => [...traces]),
  };
}

/** Every `stride`th value from `first` on: one signal out of interleaved ones. */
export const signalOf = (values: readonly number[], first: number, stride: number): number[] =>
  values.filter((_, i) => i % stride === first);

export const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Largest difference of two signals of equal length; NaN where a value is NaN. */
export function largestDifference(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (values.length !== expected.length)
    throw new RangeError(`${values.length} values, ${expected.length} expected`);
  const differences = Array.from(values, (value, i) => Math.abs(value - expected[i]));
  return differences.some(Number.isNaN) ? Number.NaN : largest(differences);
}

/** Where two sequences first differ; null where they are the same. Quicker than toEqual for hundreds of thousands. */
export function firstDifference(values: ArrayLike<number>, expected: ArrayLike<number>): number | null {
  const length = Math.max(values.length, expected.length);
  for (let i = 0; i < length; i++) if (!Object.is(values[i], expected[i])) return i;
  return null;
}

/** The columns of a state by name. */
export const columnsOf = ({ V_mV, states, conductance_nS }: NeuronStates): [string, Float64Array][] => [
  ['V_mV', V_mV],
  ...states.map((column, k): [string, Float64Array] => [`state ${k}`, column]),
  ...conductance_nS.map((column, r): [string, Float64Array] => [`conductance ${r}`, column]),
];

/** Mean and variance (ddof 0) about the mean. */
export function moments(values: readonly number[]): { mean: number; variance: number; kurtosis: number } {
  const central = (power: number, centre: number) =>
    values.reduce((sum, value) => sum + (value - centre) ** power, 0) / values.length;
  const mean = central(1, 0);
  const variance = central(2, mean);
  return { mean, variance, kurtosis: central(4, mean) / variance ** 2 };
}
