import { type KernelName, kernelLayout } from './kernels.js';
import { EPOCH } from './layouts.js';
import type { NetworkBuffers } from './network_buffers.js';

/** The buffers that each kernel sees, in the order of its bindings; delivery has one group a synapse shard. */
export interface BindGroups {
  readonly integrate: GPUBindGroup;
  readonly deliver: readonly GPUBindGroup[];
  readonly reduceChunks: GPUBindGroup;
  readonly reduceSamples: GPUBindGroup;
}

export function createBindGroups(device: GPUDevice, buffers: NetworkBuffers): BindGroups {
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
  return {
    integrate: group('integrate_epoch', [
      epoch,
      buffers.parameters,
      buffers.state,
      buffers.inputRing,
      buffers.spikes,
      buffers.counters,
      buffers.sampleSums,
      buffers.traces,
    ]),
    deliver: buffers.shards.map((shard) =>
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
