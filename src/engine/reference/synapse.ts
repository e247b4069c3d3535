import type { Network } from '../../network/network.js';
import { delayStepsOf, receptorOf, targetOf, weightQuantaOf } from '../../network/synapse_word.js';
import type { EnginePlan } from '../plan.js';

/**
 * Synaptic input on its way to the neurons, in quanta: [slot][receptor][neuron], a slot for each step ahead. Counterpart of
 * shaders/neuron/synapse.wgsl and shaders/delivery/row.wgsl.
 */
export class InputRing {
  readonly quanta: Int32Array;

  constructor(
    private readonly network: Network,
    private readonly plan: EnginePlan,
  ) {
    this.quanta = new Int32Array(plan.ringSlots * plan.receptors * network.neurons);
  }

  /** Takes out what arrives at a receptor of a neuron in `step`. */
  take(step: number, receptor: number, neuron: number): number {
    const at = this.placeOf(step, receptor, neuron);
    const arrived = this.quanta[at];
    this.quanta[at] = 0;
    return arrived;
  }

  /** Adds the weights of a row of synapses, whose neuron or spike source sent in `step`, where they arrive. */
  deliver(step: number, row: number): void {
    const { rowPointers, words } = this.network.synapses;
    for (let k = rowPointers[row]; k < rowPointers[row + 1]; k++) {
      const [target, weight] = [words[2 * k], words[2 * k + 1]];
      const arrival = step + 1 + delayStepsOf(weight);
      this.quanta[this.placeOf(arrival, receptorOf(target), targetOf(target))] += weightQuantaOf(weight);
    }
  }

  private placeOf(step: number, receptor: number, neuron: number): number {
    const { ringSlots, receptors } = this.plan;
    return ((step % ringSlots) * receptors + receptor) * this.network.neurons + neuron;
  }
}
