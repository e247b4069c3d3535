/**
 * What every analysis takes and returns: spike trains, signals, graphs as typed arrays, and the two ways in which an
 * estimate can fail. Nothing here depends on the simulator.
 */

/** Spike trains of N neurons, compressed by neuron: neuron i fired at `timesMs[offsets[i] .. offsets[i+1])`, ascending. */
export interface SpikeTrains {
  /** All spike times in ms, neuron after neuron. */
  readonly timesMs: Float64Array;
  /** Length N + 1; `offsets[0]` is 0 and `offsets[N]` is `timesMs.length`. */
  readonly offsets: Uint32Array;
}

/** The half-open window [startMs, stopMs) of an estimate. */
export interface TimeWindow {
  readonly startMs: number;
  readonly stopMs: number;
}

/** Neurons that are analysed together. */
export interface NeuronGroup {
  readonly name: string;
  readonly neurons: Uint32Array;
  /** What the group's synapses do to their targets; null where unknown (external data). */
  readonly sign: 'excitatory' | 'inhibitory' | null;
}

/** A signal sampled at a constant rate; `values[k]` covers [startMs + k/rate, startMs + (k+1)/rate). */
export interface SampledSignal {
  readonly sampleRateHz: number;
  readonly startMs: number;
  readonly values: Float64Array;
}

/** Directed graph, compressed by source; the targets of a row ascend, without repeats. */
export interface DirectedGraph {
  readonly nodes: number;
  /** Length nodes + 1. */
  readonly rowPointers: Uint32Array;
  readonly targets: Uint32Array;
}

/** An estimate that valid data may leave undefined: then `value` is null and `reason` says why, in one sentence. */
export type Estimate<T> = { readonly value: T } | { readonly value: null; readonly reason: string };

/** Input that no estimator can use: unsorted times, NaN samples, a parameter out of range. */
export class AnalysisError extends Error {
  override readonly name = 'AnalysisError';
}
