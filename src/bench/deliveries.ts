import type { RecordedBlock } from '../engine/engine.js';
import type { Network } from '../network/network.js';

/** Spikes of the blocks, and the synapses that they went through. */
export function deliveries({ synapses }: Network, blocks: readonly RecordedBlock[]) {
  let spikes = 0;
  let events = 0;
  for (const { spikeNeurons } of blocks) {
    spikes += spikeNeurons.length;
    for (const neuron of spikeNeurons)
      events += synapses.rowPointers[neuron + 1] - synapses.rowPointers[neuron];
  }
  return { spikes, events };
}
