import type { DirectedGraph, NeuronGroup, SampledSignal, SpikeTrains, TimeWindow } from './data.js';

/** Synaptic input over time, of a group's neurons together or of one neuron. */
export interface GroupInput {
  /** nA: excitatory counted inward, inhibitory outward. */
  readonly excitatoryCurrent_nA: SampledSignal;
  readonly inhibitoryCurrent_nA: SampledSignal;
  readonly excitatoryConductance_nS: SampledSignal;
  readonly inhibitoryConductance_nS: SampledSignal;
}

/** A neuron whose own signals were recorded. */
export interface RecordedNeuron {
  /** Its row in the spike trains. */
  readonly neuron: number;
  readonly V_mV: SampledSignal;
  readonly input: GroupInput;
  /** What its own currents put into `lfp`, uV; null where there is no LFP or the neuron is not among its sources. */
  readonly ownLfp_uV: SampledSignal | null;
}

/** All that the analysis of a circuit takes, from a run or from external data; what is not known is null. */
export interface CircuitActivity {
  readonly neurons: number;
  readonly groups: readonly NeuronGroup[];
  readonly window: TimeWindow;
  readonly spikes: SpikeTrains;
  /** Potential at the first electrode (|I| sum for a run), uV. */
  readonly lfp: SampledSignal | null;
  /** Potential from the signed sum of currents, uV: a sink (inward current) is negative. */
  readonly signedLfp: SampledSignal | null;
  /** Distance of each neuron from the electrode of `lfp` along the layer, mm; length `neurons`. */
  readonly lateralDistances_mm: Float64Array | null;
  /** By group name. */
  readonly input: Readonly<Record<string, GroupInput>> | null;
  readonly traces: readonly RecordedNeuron[] | null;
  readonly graph: DirectedGraph | null;
  /** Number of synapses, repeated ones counted; null where the graph is not known. */
  readonly synapses: number | null;
}
