/**
 * What is recorded, one row for each quantity: the name of its column, what it is, and its formula in WGSL and for the
 * reference engine. Sizes, WGSL, decoding and columns follow from these tables.
 */

/** Currents are computed as densities (uA/cm2) and recorded in nA; conductances as mS/cm2 and in nS; the others as they are. */
export type Quantity = 'current' | 'conductance' | 'potential';

/** Outward synaptic currents of a neuron in one step, from excitatory and from inhibitory receptors. */
export interface StepInput {
  readonly I_E: number;
  readonly I_I: number;
}

/** A neuron at the end of a sample: total conductances of excitatory and of inhibitory receptors, and V. */
export interface SampleEnd {
  readonly G_E: number;
  readonly G_I: number;
  readonly V: number;
}

/** A recorded neuron at the end of a sample: V, and its means over the sample by the name of the signal. */
export interface TraceEnd {
  readonly V: number;
  readonly mean: (signal: MeanSignal) => number;
}

interface Row<Input> {
  readonly name: string;
  readonly quantity: Quantity;
  /** Of the fields of `Input`, which are variables. */
  readonly wgsl: string;
  readonly value: (input: Input) => number;
}

/** Sums over a population of what each neuron has on average over the steps of a sample. */
export const MEAN_SIGNALS = [
  { name: 'excitatoryCurrent_nA', quantity: 'current', wgsl: '-I_E', value: ({ I_E }) => -I_E },
  { name: 'inhibitoryCurrent_nA', quantity: 'current', wgsl: 'I_I', value: ({ I_I }) => I_I },
  {
    name: 'absoluteCurrent_nA',
    quantity: 'current',
    wgsl: 'abs(I_E) + abs(I_I)',
    value: ({ I_E, I_I }) => Math.abs(I_E) + Math.abs(I_I),
  },
] as const satisfies readonly Row<StepInput>[];
export type MeanSignal = (typeof MEAN_SIGNALS)[number]['name'];

/** Sums over a population of what each neuron has at the end of a sample. */
export const END_SIGNALS = [
  { name: 'excitatoryConductance_nS', quantity: 'conductance', wgsl: 'G_E', value: ({ G_E }) => G_E },
  { name: 'inhibitoryConductance_nS', quantity: 'conductance', wgsl: 'G_I', value: ({ G_I }) => G_I },
  { name: 'V_mV', quantity: 'potential', wgsl: 'V', value: ({ V }) => V },
] as const satisfies readonly Row<SampleEnd>[];

/** Of a recorded neuron; a row with `mean` is that mean over the sample, the others are the state at its end. */
export const TRACE_TABLE = [
  { name: 'V_mV', quantity: 'potential', wgsl: 'V', value: ({ V }) => V },
  {
    name: 'absoluteCurrent_nA',
    quantity: 'current',
    mean: 'absoluteCurrent_nA',
    wgsl: 'mean_absoluteCurrent_nA',
    value: ({ mean }) => mean('absoluteCurrent_nA'),
  },
] as const satisfies readonly (Row<TraceEnd> & { readonly mean?: MeanSignal })[];

const namesOf = <T extends readonly { readonly name: string }[]>(
  rows: T,
): { readonly [K in keyof T]: T[K]['name'] } =>
  rows.map(({ name }) => name) as unknown as { readonly [K in keyof T]: T[K]['name'] };

/**
 * What is summed over each population in every sample. Currents are means over the sample: excitatory counts inward,
 * inhibitory outward (each is negative while V is past the reversal potential); absolute is |I_E| + |I_I| of every neuron
 * and step. Conductances and V are taken at the end of the sample.
 */
export const POPULATION_SIGNALS = namesOf([...MEAN_SIGNALS, ...END_SIGNALS] as const);
export type PopulationSignal = (typeof POPULATION_SIGNALS)[number];

/**
 * Of every recorded neuron: V at the end of each sample, and its own mean |I_E| + |I_I| over it (nA); then g by receptor in nS
 * and the variables of its cell.
 */
export const TRACE_VARIABLES = namesOf(TRACE_TABLE);
export type TraceVariable = (typeof TRACE_VARIABLES)[number];

/** The potentials of each electrode, from the means of the currents: of |I_E| + |I_I|, and of I_I - I_E. */
export const LFP_SIGNALS = ['absolute', 'signed'] as const;
