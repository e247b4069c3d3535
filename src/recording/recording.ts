import type { PopulationSignal, TraceVariable } from '../engine/engine.js';

/** Everything one run recorded. Sample k is the mean over [k, k + 1) / sampleRateHz. */
export interface Recording {
  readonly dtMs: number;
  /** Simulated until here; below the requested duration where `complete` is false. */
  readonly stopMs: number;
  readonly complete: boolean;
  readonly spikes: SpikeRecord;
  readonly sampleRateHz: number;
  /** Sum over each population, by population name (see POPULATION_SIGNALS); one value per sample. */
  readonly populations: Readonly<Record<string, Readonly<Record<PopulationSignal, Float32Array>>>>;
  /** Potential at each electrode; null where the circuit records none. */
  readonly lfp: readonly ElectrodeRecord[] | null;
  readonly traces: readonly NeuronTrace[];
}

/** Spikes sorted by (step, neuron); `neurons` are network-wide numbers. */
export interface SpikeRecord {
  readonly steps: Uint32Array;
  readonly neurons: Uint32Array;
}

export interface ElectrodeRecord {
  readonly x_um: number;
  readonly y_um: number;
  readonly z_um: number;
  /** From |I_E| + |I_I|, uV. */
  readonly absolute_uV: Float32Array;
  /** From I_I - I_E: outward minus inward current, so that a sink is negative, uV. */
  readonly signed_uV: Float32Array;
}

/** One neuron's state at the end of each sample, and its means over it: see TRACE_VARIABLES. */
export interface NeuronTrace extends Readonly<Record<TraceVariable, Float32Array>> {
  readonly population: string;
  /** Number within the population. */
  readonly neuron: number;
  /** By receptor. */
  readonly conductance_nS: Readonly<Record<string, Float32Array>>;
  /** States, currents and other variables of its cell at the end of each sample, by key: gates as shares, concentrations in mM, currents in uA/cm2. */
  readonly variables: Readonly<Record<string, Float32Array>>;
}

/** Time of a spike of step `step`: the end of the step, ms. */
export function spikeTimeMs(step: number, dtMs: number): number {
  return timeAfterSteps(step + 1, dtMs);
}

/**
 * End of the first `steps` steps, ms, to the nearest 1e-9 ms: 199 steps of 0.025 ms end at 4.975 and not at
 * 4.9750000000000005, so that files are easy to read and a spike at the edge of a window is on the correct side.
 */
export function timeAfterSteps(steps: number, dtMs: number): number {
  return Math.round(steps * dtMs * 1e9) / 1e9;
}
