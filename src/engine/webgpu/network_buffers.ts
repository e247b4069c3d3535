import type { Network } from '../../network/network.js';
import { BYTES_PER_SYNAPSE } from '../../network/synapse_word.js';
import { EngineError } from '../engine.js';
import type { EnginePlan } from '../plan.js';
import { pack } from './layout.js';
import {
  EPOCH,
  type KernelShape,
  MAX_EPOCHS_PER_BATCH,
  outputsPerSample,
  packParameters,
  REDUCTION,
  SHARD,
} from './layouts.js';

/** Values of the WebGPU constants GPUBufferUsage and GPUMapMode, which Node has no globals for. */
export const USAGE = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const;
export const MAP_MODE_READ = 0x1;

/** Consecutive sources whose synapses share one buffer. */
export interface SynapseShard {
  readonly uniform: GPUBuffer;
  readonly rowPointers: GPUBuffer;
  readonly synapses: GPUBuffer;
}

/** Everything a network occupies on the GPU. */
export interface NetworkBuffers {
  readonly epochs: GPUBuffer;
  /** Bytes between the constants of two epochs. */
  readonly epochStride: number;
  readonly parameters: GPUBuffer;
  readonly state: GPUBuffer;
  readonly inputRing: GPUBuffer;
  readonly spikes: GPUBuffer;
  readonly counters: GPUBuffer;
  readonly sampleSums: GPUBuffer;
  readonly traces: GPUBuffer;
  readonly shards: readonly SynapseShard[];
  readonly reduction: GPUBuffer;
  readonly chunks: GPUBuffer;
  readonly populationChunks: GPUBuffer;
  readonly electrodeWeights: GPUBuffer;
  readonly partialSums: GPUBuffer;
  readonly reduced: GPUBuffer;
  /** Bytes of all buffers. */
  readonly totalBytes: number;
  destroy(): void;
}

/** Samples that a batch can end: the slots less the running one. */
const samplesPerBatch = (shape: KernelShape) => shape.sampleSlots - 1;

/**
 * Allocates and fills the buffers of one network. Throws EngineError before anything is allocated where a buffer would
 * not fit the adapter, with what it needs, what there is and what helps.
 */
export function createNetworkBuffers(
  device: GPUDevice,
  network: Network,
  plan: EnginePlan,
  shape: KernelShape,
  variantOf: (population: number) => number,
): NetworkBuffers {
  const { limits } = device;
  const largest = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const created: GPUBuffer[] = [];
  let totalBytes = 0;
  const storage = (label: string, bytes: number, remedy: string, usage = 0): GPUBuffer => {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    if (size > largest)
      throw new EngineError(
        `the network does not fit the adapter: ${label} needs ${size} bytes in one buffer, the adapter binds at most ${largest}; ${remedy}`,
      );
    totalBytes += size;
    const buffer = device.createBuffer({
      label,
      size,
      usage: USAGE.STORAGE | USAGE.COPY_DST | USAGE.COPY_SRC | usage,
    });
    created.push(buffer);
    return buffer;
  };
  const filled = (label: string, data: ArrayBuffer | ArrayBufferView, remedy: string): GPUBuffer => {
    const buffer = storage(label, data.byteLength, remedy);
    const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
    if (bytes.byteLength > 0) device.queue.writeBuffer(buffer, 0, bytes as GPUAllowSharedBufferSource);
    return buffer;
  };
  const uniform = (label: string, size: number): GPUBuffer => {
    const buffer = device.createBuffer({ label, size, usage: USAGE.UNIFORM | USAGE.COPY_DST });
    created.push(buffer);
    totalBytes += size;
    return buffer;
  };
  const fewerNeurons = 'use fewer neurons or an adapter with more memory';
  const outputs = outputsPerSample(shape);
  const reducedChannels = outputs - (shape.populations - 1) * 6;
  const destroy = () => {
    for (const buffer of created) buffer.destroy();
  };

  try {
    const epochStride = Math.max(EPOCH.byteSize, limits.minUniformBufferOffsetAlignment);
    const ringBytes = 4 * shape.ringSlots * shape.receptors * shape.neurons;
    return {
      epochs: uniform('epochs', epochStride * MAX_EPOCHS_PER_BATCH),
      epochStride,
      parameters: filled('parameters', packParameters(plan, shape, variantOf), 'use fewer populations'),
      state: filled('state', startRows(network, plan, shape), fewerNeurons),
      inputRing: storage('input ring', ringBytes, `shorten the largest delay or ${fewerNeurons}`),
      spikes: storage('spikes', 8 * shape.spikeCapacity, 'lower spikeCapacity'),
      counters: storage('counters', 4 * (MAX_EPOCHS_PER_BATCH + 3), fewerNeurons),
      sampleSums: storage('sample sums', 4 * shape.sampleSlots * 6 * shape.neurons, fewerNeurons),
      traces: storage(
        'traces',
        4 * shape.sampleSlots * shape.traces * shape.traceWidth,
        'trace fewer neurons',
      ),
      shards: createShards(network, largest, filled, uniform, device),
      reduction: uniform('reduction', REDUCTION.byteSize),
      chunks: filled(
        'chunks',
        Uint32Array.from(shape.chunks.flatMap(({ first, count }) => [first, count])),
        fewerNeurons,
      ),
      populationChunks: filled(
        'population chunks',
        Uint32Array.from(shape.populationChunks.flat()),
        fewerNeurons,
      ),
      electrodeWeights: filled('electrode weights', electrodeWeights(network, plan), fewerNeurons),
      partialSums: storage(
        'partial sums',
        4 * samplesPerBatch(shape) * shape.chunks.length * reducedChannels,
        fewerNeurons,
      ),
      reduced: storage('reduced samples', 4 * samplesPerBatch(shape) * outputs, fewerNeurons),
      totalBytes,
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

/** State at time 0 in the kernel's rows and units (conductances as densities). */
function startRows(network: Network, plan: EnginePlan, shape: KernelShape): Float32Array {
  const { neurons, rows } = shape;
  const data = new Float32Array(rows.count * neurons);
  const { start } = network;
  data.set(start.V_mV, rows.V * neurons);
  data.set(start.m, rows.m * neurons);
  data.set(start.h, rows.h * neurons);
  data.set(start.n, rows.n * neurons);
  data.set(start.p, rows.p * neurons);
  for (const { first, count, nS_per_mS_cm2 } of plan.populations)
    start.conductance_nS.forEach((conductance, r) => {
      for (let i = first; i < first + count; i++)
        data[(rows.g + r) * neurons + i] = conductance[i] / nS_per_mS_cm2;
    });
  plan.startNoise.forEach((noise, slot) => {
    data.set(noise, (rows.noise + slot) * neurons);
  });
  data.fill(1e6, rows.sinceSpike * neurons, (rows.sinceSpike + 1) * neurons);
  return data;
}

/** [electrode][neuron]: uV of one unit of summed current density over a sample. */
function electrodeWeights(network: Network, plan: EnginePlan): Float32Array {
  const weights = new Float32Array(plan.electrodes.length * network.neurons);
  plan.electrodes.forEach(({ uV_per_nA }, e) => {
    for (const { first, count, nA_per_uA_cm2 } of plan.populations)
      for (let i = first; i < first + count; i++)
        weights[e * network.neurons + i] = (uV_per_nA[i] * nA_per_uA_cm2) / plan.sampleSteps;
  });
  return weights;
}

/** Cuts the synapse table into buffers that the adapter can bind, at row boundaries. */
function createShards(
  network: Network,
  largestBytes: number,
  filled: (label: string, data: ArrayBufferView, remedy: string) => GPUBuffer,
  uniform: (label: string, size: number) => GPUBuffer,
  device: GPUDevice,
): SynapseShard[] {
  const { rowPointers, words, count } = network.synapses;
  const mostSynapses = Math.floor(largestBytes / BYTES_PER_SYNAPSE);
  const shards: SynapseShard[] = [];
  if (count === 0) return shards;
  let first = 0;
  while (first < network.neurons) {
    const start = rowPointers[first];
    let end = first;
    while (end < network.neurons && rowPointers[end + 1] - start <= mostSynapses) end++;
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
