import type { Circuit } from '../model/circuit.js';

/** A population's place in the network: its neurons are numbered contiguously. So are the sources of a spike source. */
export interface PopulationRange {
  readonly name: string;
  readonly first: number;
  readonly count: number;
}

/**
 * A circuit made concrete for one step and one seed: positions, start state and every synapse. Built by
 * {@link ../network/assemble.js}; the same circuit and seed give the same network on every machine.
 */
export interface Network {
  readonly circuit: Circuit;
  readonly neurons: number;
  readonly populations: readonly PopulationRange[];
  /** Spike sources are numbered after the neurons: they have rows of synapses, but no state. */
  readonly spikeSources: readonly PopulationRange[];
  /** Receptor names in the order in which engines number them. */
  readonly receptors: readonly string[];
  /** Soma positions in um, [x0, y0, z0, x1, ...]. */
  readonly positions_um: Float32Array;
  /** By population: what differs between its neurons. */
  readonly varied: readonly VariedConstants[];
  /** State at time 0. */
  readonly start: StartState;
  readonly synapses: SynapseTable;
}

/** Constants of a cell with a value for each neuron of a population, by name (see CellModel), in coherent units. */
export type VariedConstants = ReadonlyMap<string, Float64Array>;

/**
 * State variables at time 0, one value per neuron: V in mV, conductances in nS, the states of the cells in their coherent
 * units (gates as shares, concentrations in mM).
 */
export interface StartState {
  readonly V_mV: Float64Array;
  /** Array k holds the k-th state of each neuron's cell, in the order of stateKeys; 0 where a cell has fewer. */
  readonly states: readonly Float64Array[];
  /** One array per receptor. */
  readonly conductance_nS: readonly Float64Array[];
}

/**
 * Synapses compressed by source (CSR): those of neuron or spike source i are `rowPointers[i] .. rowPointers[i + 1]`,
 * their targets ascending. Two 32-bit words per synapse (8 bytes); see synapse_word.ts.
 */
export interface SynapseTable {
  readonly count: number;
  /** Length neurons + spike sources + 1; Float64Array holds counts past 2^32. */
  readonly rowPointers: Float64Array;
  /** [target and receptor, weight and delay] of synapse k at 2k and 2k + 1. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Conductance of weight 1 of a synapse word (the quantum), nS, by receptor. */
  readonly quantum_nS: Float64Array;
  /**
   * Most quanta of one receptor that can arrive at one neuron in one step: all its synapses at once, those of a spike source
   * as often as it sends in one step. At most 2^31 - 1, what a word of the input ring holds.
   */
  readonly largestInput: number;
  /** Smallest and largest delay of any synapse, in steps; both 0 without synapses. */
  readonly minDelaySteps: number;
  readonly maxDelaySteps: number;
}
