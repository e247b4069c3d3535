import { type KernelName, kernelLayout } from './kernels.js';
import { EPOCH } from './layouts.js';
import type { NetworkBuffers } from './network_buffers.js';

/**
 * The buffers that each kernel sees, in the order of its bindings; delivery has one group a synapse shard. `steps` is for
 * simulate_network or integrate_epoch, whichever the network has.
 */
export interface BindGroups {
  readonly steps: GPUBindGroup;
  readonly deliver: readonly GPUBindGroup[];
  readonly reduceChunks: GPUBindGroup;
  readonly reduceSamples: GPUBindGroup;
}

export function createBindGroups(
  device: GPUDevice,
  buffers: NetworkBuffers,
  simulatesNetworks: boolean,
): BindGroups {
  const group = (name: KernelName, resources: (GPUBuffer | GPUBufferBinding)[]) =>
    device.createBindGroup({
      label: name,
      layout: kernelLayout(device, name),
      entries: resources.map((resource, binding) => ({
        binding,
        resource: 'buffer' in resource ? resource : { buffer: resource },
      })),
    });
  const epoch = { buffer: buffers.epochs, size: EPOCH.byteSize };
  const ofNeurons = [
    epoch,
    buffers.parameters,
    buffers.state,
    buffers.inputRing,
    buffers.spikes,
    buffers.counters,
    buffers.sampleSums,
    buffers.traces,
  ];
  // Without synapses the kernel never reads their bindings, but something has to be bound.
  const rows = buffers.shards[0] ?? { rowPointers: buffers.parameters, synapses: buffers.parameters };
  return {
    steps: simulatesNetworks
      ? group('simulate_network', [...ofNeurons, rows.rowPointers, rows.synapses])
      : group('integrate_epoch', ofNeurons),
    deliver: (simulatesNetworks ? [] : buffers.shards).map((shard) =>
      group('deliver_spikes', [
        epoch,
        buffers.spikes,
        buffers.counters,
        shard.uniform,
        shard.rowPointers,
        shard.synapses,
        buffers.inputRing,
        buffers.sourceEvents,
      ]),
    ),
    reduceChunks: group('reduce_chunks', [
      buffers.reduction,
      buffers.sampleSums,
      buffers.chunks,
      buffers.electrodeWeights,
      buffers.partialSums,
    ]),
    reduceSamples: group('reduce_samples', [
      buffers.reduction,
      buffers.partialSums,
      buffers.chunkRanges,
      buffers.reduced,
    ]),
  };
}
