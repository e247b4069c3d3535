import type { Network } from '../network/network.js';
import { delayStepsOf, receptorOf, targetOf, weightQuantaOf } from '../network/synapse_word.js';

/** What the synapses of a network are in units, as the engine uses them. */
export interface SynapseValues {
  readonly target: (k: number) => number;
  readonly receptor: (k: number) => number;
  readonly weight_nS: (k: number) => number;
  readonly delayMs: (k: number) => number;
}

/** Values of synapse `k` of the network's table. */
export function synapseValues({ synapses, circuit }: Network): SynapseValues {
  const { words, quantum_nS } = synapses;
  const { dt_ms } = circuit.simulation;
  const receptor = (k: number) => receptorOf(words[2 * k]);
  return {
    target: (k) => targetOf(words[2 * k]),
    receptor,
    weight_nS: (k) => weightQuantaOf(words[2 * k + 1]) * quantum_nS[receptor(k)],
    // 76 steps of 0.025 ms are 1.9 ms, not 1.9000000000000001.
    delayMs: (k) => Number((delayStepsOf(words[2 * k + 1]) * dt_ms).toPrecision(12)),
  };
}
