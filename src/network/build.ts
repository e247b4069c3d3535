import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { assembleNetwork } from './assemble.js';
import type { Network } from './network.js';

/**
 * Builds the network of a circuit: neurons numbered population by population and spike sources after them, their places,
 * start state and every synapse. The circuit is checked again, since it may have been changed after it was resolved, and
 * the network keeps a copy of it. Deterministic in the circuit and its seed.
 *
 * Throws CircuitError for a circuit that is not valid, RangeError where a connector cannot be met or a distribution cannot be drawn.
 */
export function buildNetwork(circuit: Circuit): Network {
  return assembleNetwork(resolveCircuit(circuit as CircuitFile));
}
