import type { Network } from '../../network/network.js';
import { BYTES_PER_SYNAPSE, packTarget, receptorOf, targetOf } from '../../network/synapse_word.js';
import { EngineError } from '../engine.js';
import { pack } from './layout.js';
import { SHARD } from './layouts.js';
import type { BufferMaker } from './network_buffers.js';

/** Consecutive sources whose synapses share one buffer. */
export interface SynapseShard {
  readonly uniform: GPUBuffer;
  readonly rowPointers: GPUBuffer;
  readonly synapses: GPUBuffer;
}

/** The synapses of all networks, numbered like the plan's neurons. */
interface SynapseRows {
  readonly neurons: number;
  readonly rowPointers: Float64Array;
  readonly words: Uint32Array<ArrayBuffer>;
}

/** Cuts the synapses into buffers that the adapter can bind, at row boundaries. */
export function createShards(
  networks: readonly Network[],
  { largestBytes, filled, uniform }: BufferMaker,
  device: GPUDevice,
): SynapseShard[] {
  const { neurons, rowPointers, words } = joinRows(networks);
  const mostSynapses = Math.floor(largestBytes / BYTES_PER_SYNAPSE);
  const shards: SynapseShard[] = [];
  if (rowPointers[neurons] === 0) return shards;
  for (let first = 0; first < neurons; ) {
    const start = rowPointers[first];
    let end = first;
    while (end < neurons && rowPointers[end + 1] - start <= mostSynapses) end++;
    if (end === first)
      throw new EngineError(
        `the network does not fit the adapter: neuron ${first} has ${rowPointers[first + 1] - start} synapses, one buffer holds ${mostSynapses}; use fewer synapses a neuron`,
      );
    const constants = uniform('shard', SHARD.byteSize);
    const packed = new ArrayBuffer(SHARD.byteSize);
    pack(SHARD, { first_source: first, sources: end - first, pad0: 0, pad1: 0 }, new DataView(packed), 0);
    device.queue.writeBuffer(constants, 0, packed);
    const remedy = 'use fewer synapses or an adapter with more memory';
    shards.push({
      uniform: constants,
      rowPointers: filled(
        'row pointers',
        Uint32Array.from({ length: end - first + 1 }, (_, i) => rowPointers[first + i] - start),
        remedy,
      ),
      synapses: filled('synapses', words.subarray(2 * start, 2 * rowPointers[end]), remedy),
    });
    first = end;
  }
  return shards;
}

/** One network's table as it is; several joined, with their targets renumbered. */
function joinRows(networks: readonly Network[]): SynapseRows {
  if (networks.length === 1) {
    const [{ neurons, synapses }] = networks;
    return { neurons, rowPointers: synapses.rowPointers, words: synapses.words };
  }
  const neurons = networks.reduce((sum, network) => sum + network.neurons, 0);
  const rowPointers = new Float64Array(neurons + 1);
  const words = new Uint32Array(2 * networks.reduce((sum, network) => sum + network.synapses.count, 0));
  let origin = 0;
  for (const { neurons: size, synapses } of networks) {
    const start = rowPointers[origin];
    for (let i = 0; i < size; i++) rowPointers[origin + i + 1] = start + synapses.rowPointers[i + 1];
    for (let k = 0; k < synapses.count; k++) {
      const word0 = synapses.words[2 * k];
      words[2 * (start + k)] = packTarget(targetOf(word0) + origin, receptorOf(word0));
      words[2 * (start + k) + 1] = synapses.words[2 * k + 1];
    }
    origin += size;
  }
  return { neurons, rowPointers, words };
}
