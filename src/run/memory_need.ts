import { totalmem } from 'node:os';
import { stateKeys } from '../mechanism/cell_model.js';
import type { Circuit } from '../model/circuit.js';
import { circuitCells } from '../model/circuit_cells.js';
import { mostSynapses } from '../network/expected_synapses.js';
import { BYTES_PER_SYNAPSE } from '../network/synapse_word.js';
import { CircuitError } from '../text/circuit_error.js';

/** Doubles a neuron takes on the host: V, position, row pointer, the states of its cell and what differs between neurons, and two for each receptor. */
const DOUBLES_PER_NEURON = 4;
const DOUBLES_PER_RECEPTOR = 2;

/**
 * Bytes that the network of a circuit takes at least: its neurons, and the synapses that its connectors ask for on
 * average. Distance-dependent connectors, whose number depends on the positions, count as none.
 */
export function networkBytes(circuit: Circuit): number {
  const neurons = Object.values(circuit.populations).reduce((sum, population) => sum + population.neurons, 0);
  const states = Math.max(...[...circuitCells(circuit).values()].map((cell) => stateKeys(cell).length));
  const varied = Math.max(...Object.values(circuit.populations).map(({ vary }) => Object.keys(vary).length));
  const doubles =
    DOUBLES_PER_NEURON + states + varied + DOUBLES_PER_RECEPTOR * Object.keys(circuit.receptors).length;
  const synapses = circuit.projections.reduce(
    (sum, projection) =>
      sum + (projection.connector.kind === 'distance-dependent' ? 0 : mostSynapses(circuit, projection)),
    0,
  );
  return 8 * doubles * neurons + BYTES_PER_SYNAPSE * synapses;
}

/** Memory of this machine, or of the container where it has less. */
export function machineBytes(): number {
  const container = process.constrainedMemory() ?? 0;
  return container > 0 ? Math.min(container, totalmem()) : totalmem();
}

/** Throws CircuitError, before anything is built, where the network cannot fit into `availableBytes`. */
export function requireMemory(circuit: Circuit, availableBytes: number): void {
  const needed = networkBytes(circuit);
  if (needed <= availableBytes) return;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
  const message =
    `the network does not fit this machine: it needs at least ${gibibytes(needed)} of memory, there are ${gibibytes(availableBytes)}; ` +
    'use fewer neurons or a sparser connection';
  throw new CircuitError([{ path: '', source: null, line: null, column: null, message }]);
}
