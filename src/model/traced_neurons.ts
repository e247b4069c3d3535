import { stateKeys } from '../mechanism/cell_model.js';
import type { Circuit } from './circuit.js';
import { cellOfPopulation } from './circuit_cells.js';

export interface TracedNeuron {
  readonly population: string;
  /** Number within the population. */
  readonly neuron: number;
  /** What is recorded of its cell: what the circuit says, or every state. */
  readonly variables: readonly string[];
}

/** The neurons that a circuit records, in the order of its traces. */
export const tracedNeurons = (circuit: Circuit): TracedNeuron[] =>
  circuit.recording.traces.flatMap(({ population, neurons, variables }) => {
    const recorded = variables ?? stateKeys(cellOfPopulation(circuit, population));
    return neurons.map((neuron) => ({ population, neuron, variables: recorded }));
  });
