import type { Circuit } from '../model/circuit.js';
import type { Network, PopulationRange } from './network.js';
import { somaPositions } from './positions.js';
import { startState } from './start_state.js';
import { buildSynapses } from './synapses.js';

/**
 * Makes a circuit concrete: numbers its neurons population by population, places them, draws their start state and
 * every synapse. Deterministic in the circuit and its seed; every row of synapses has its own counter-based stream.
 * Throws RangeError where a connector cannot be met or a law cannot be drawn.
 */
export function buildNetwork(circuit: Circuit): Network {
  const populations: PopulationRange[] = [];
  let neurons = 0;
  for (const [name, { neurons: count }] of Object.entries(circuit.populations)) {
    populations.push({ name, first: neurons, count });
    neurons += count;
  }
  const receptors = Object.keys(circuit.receptors);
  const positions_um = somaPositions(circuit.geometry, neurons, circuit.simulation.seed);
  return {
    circuit,
    neurons,
    populations,
    receptors,
    positions_um,
    start: startState(circuit, populations, receptors, neurons),
    synapses: buildSynapses(circuit, populations, receptors, neurons, positions_um),
  };
}
