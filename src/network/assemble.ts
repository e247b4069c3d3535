import type { Circuit } from '../model/circuit.js';
import type { Network, PopulationRange } from './network.js';
import { somaPositions } from './positions.js';
import { startState } from './start_state.js';
import { buildSynapses } from './synapses.js';
import { variedConstants } from './varied_constants.js';

/**
 * Makes a circuit concrete, which is as resolveCircuit returned it: numbers its neurons population by population and its
 * spike sources after them, places them, draws their start state and every synapse. Deterministic in the circuit and its
 * seed; every row of synapses has its own counter-based stream. Throws RangeError if a connector or a distribution is
 * impossible.
 */
export function assembleNetwork(circuit: Circuit): Network {
  const populations = numbered(0, Object.entries(circuit.populations), ({ neurons }) => neurons);
  const neurons = endOf(populations);
  const spikeSources = numbered(
    neurons,
    Object.entries(circuit.spikeSources),
    ({ trains_ms }) => trains_ms.length,
  );
  const receptors = Object.keys(circuit.receptors);
  const positions_um = somaPositions(circuit.geometry, neurons, circuit.simulation.seed);
  const varied = populations.map(({ name }) => variedConstants(circuit, name));
  return {
    circuit,
    neurons,
    populations,
    spikeSources,
    receptors,
    positions_um,
    varied,
    start: startState(circuit, populations, receptors, varied, neurons),
    synapses: buildSynapses(circuit, populations, spikeSources, receptors, positions_um),
  };
}

function numbered<T>(
  start: number,
  entries: readonly (readonly [name: string, T])[],
  countOf: (entry: T) => number,
): PopulationRange[] {
  let first = start;
  return entries.map(([name, entry]) => {
    const range = { name, first, count: countOf(entry) };
    first += range.count;
    return range;
  });
}

/** The number after the last one of ranges that begin at 0. */
const endOf = (ranges: readonly PopulationRange[]): number =>
  ranges.reduce((sum, { count }) => sum + count, 0);
