import type { DirectedGraph, NeuronGroup, SampledSignal, SpikeTrains, TimeWindow } from './data.js';

/** Mean synaptic currents and conductances of a group, over time. */
export interface GroupInput {
  /** Sums over the group, nA: excitatory counted inward, inhibitory outward. */
  readonly excitatoryCurrent_nA: SampledSignal;
  readonly inhibitoryCurrent_nA: SampledSignal;
  /** Sum over the group, nS. */
  readonly excitatoryConductance_nS: SampledSignal;
  readonly inhibitoryConductance_nS: SampledSignal;
}

/** All that the analysis of a circuit takes, from a run or from anyone's data; what is not known is null. */
export interface CircuitActivity {
  readonly neurons: number;
  readonly groups: readonly NeuronGroup[];
  readonly window: TimeWindow;
  readonly spikes: SpikeTrains;
  /** Potential at the first electrode (|I| sum for a run), uV. */
  readonly lfp: SampledSignal | null;
  /** Potential from the signed sum of currents, uV. */
  readonly signedLfp: SampledSignal | null;
  /** By group name. */
  readonly input: Readonly<Record<string, GroupInput>> | null;
  readonly graph: DirectedGraph | null;
  /** Number of synapses, repeated ones counted; null where the graph is not known. */
  readonly synapses: number | null;
}
