import type { Network, SynapseTable } from '../../../network/network.js';
import { BYTES_PER_SYNAPSE, packTarget, receptorOf, targetOf } from '../../../network/synapse_word.js';
import { EngineError } from '../../engine.js';
import { SHARD } from '../kernels/buffer_layouts.js';
import type { NeuronPlacement } from '../kernels/neuron_placement.js';
import { pack } from '../kernels/wgsl_struct.js';
import type { BufferMaker } from './buffer_maker.js';

/** Consecutive rows whose synapses share one buffer. */
export interface SynapseShard {
  /** Which rows it holds. */
  readonly shard: GPUBuffer;
  readonly rowPointers: GPUBuffer;
  readonly synapses: GPUBuffer;
}

/** The synapses of all networks: rows of the neurons, numbered as in the plan, then those of the spike sources. */
export interface SynapseRows {
  readonly rows: number;
  readonly rowPointers: Float64Array;
  readonly words: Uint32Array<ArrayBuffer>;
}

/** Splits the synapses at row boundaries into buffers that the adapter can bind. */
export function createShards(
  { rows, rowPointers, words }: SynapseRows,
  { largestBytes, filled, uniform }: BufferMaker,
  device: GPUDevice,
): SynapseShard[] {
  const mostSynapses = Math.floor(largestBytes / BYTES_PER_SYNAPSE);
  const shards: SynapseShard[] = [];
  if (rowPointers[rows] === 0) return shards;
  for (let first = 0; first < rows; ) {
    const start = rowPointers[first];
    let end = first;
    while (end < rows && rowPointers[end + 1] - start <= mostSynapses) end++;
    if (end === first)
      throw new EngineError(
        `the network does not fit the adapter: row ${first} has ${rowPointers[first + 1] - start} synapses, one buffer holds ${mostSynapses}; use fewer synapses per neuron`,
      );
    const constants = uniform('shard', SHARD.byteSize);
    const packed = new ArrayBuffer(SHARD.byteSize);
    pack(SHARD, { first_source: first, sources: end - first, pad0: 0, pad1: 0 }, new DataView(packed), 0);
    device.queue.writeBuffer(constants, 0, packed);
    const remedy = 'use fewer synapses or an adapter with more memory';
    shards.push({
      shard: constants,
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

/**
 * The rows by the workgroup of their targets: first all rows with what the first workgroup's neurons get, then the
 * second's. Unchanged if a network has one workgroup.
 */
export function splitRows(
  { rows, rowPointers, words }: SynapseRows,
  { workgroups, workgroupOfNeuron }: NeuronPlacement,
): SynapseRows {
  if (workgroups === 1) return { rows, rowPointers, words };
  const split = {
    rows: workgroups * rows,
    rowPointers: new Float64Array(workgroups * rows + 1),
    words: new Uint32Array(words.length),
  };
  let at = 0;
  for (let workgroup = 0; workgroup < workgroups; workgroup++)
    for (let row = 0; row < rows; row++) {
      for (let k = rowPointers[row]; k < rowPointers[row + 1]; k++) {
        if (workgroupOfNeuron[targetOf(words[2 * k])] !== workgroup) continue;
        split.words[2 * at] = words[2 * k];
        split.words[2 * at + 1] = words[2 * k + 1];
        at++;
      }
      split.rowPointers[workgroup * rows + row + 1] = at;
    }
  return split;
}

/** One network's table as it is; several joined, with their targets renumbered. */
export function joinRows(networks: readonly Network[]): SynapseRows {
  if (networks.length === 1) {
    const [{ synapses }] = networks;
    const { rowPointers, words } = synapses;
    return { rows: rowPointers.length - 1, rowPointers, words };
  }
  const total = (part: (network: Network) => number) =>
    networks.reduce((sum, network) => sum + part(network), 0);
  const rows = total(({ synapses }) => synapses.rowPointers.length - 1);
  const rowPointers = new Float64Array(rows + 1);
  const words = new Uint32Array(2 * total(({ synapses }) => synapses.count));
  let row = 0;
  let at = 0;
  const append = (
    { rowPointers: starts, words: own }: SynapseTable,
    first: number,
    end: number,
    origin: number,
  ) => {
    for (let k = starts[first]; k < starts[end]; k++, at++) {
      words[2 * at] = packTarget(targetOf(own[2 * k]) + origin, receptorOf(own[2 * k]));
      words[2 * at + 1] = own[2 * k + 1];
    }
    for (let i = first; i < end; i++, row++)
      rowPointers[row + 1] = rowPointers[row] + starts[i + 1] - starts[i];
  };
  const origins = networks.map((_, n) => networks.slice(0, n).reduce((sum, { neurons }) => sum + neurons, 0));
  networks.forEach(({ neurons, synapses }, n) => {
    append(synapses, 0, neurons, origins[n]);
  });
  networks.forEach(({ neurons, synapses }, n) => {
    append(synapses, neurons, synapses.rowPointers.length - 1, origins[n]);
  });
  return { rows, rowPointers, words };
}
