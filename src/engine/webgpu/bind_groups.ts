import type { Kernels } from './kernels.js';
import { EPOCH } from './layouts.js';
import type { NetworkBuffers } from './network_buffers.js';

/** The buffers that each kernel sees, in the order of its bindings; delivery has one group a synapse shard. */
export interface BindGroups {
  readonly integrate: GPUBindGroup;
  readonly deliver: readonly GPUBindGroup[];
  readonly reduceChunks: GPUBindGroup;
  readonly reduceSamples: GPUBindGroup;
}

export function createBindGroups(device: GPUDevice, kernels: Kernels, buffers: NetworkBuffers): BindGroups {
  const group = (label: string, pipeline: GPUComputePipeline, resources: (GPUBuffer | GPUBufferBinding)[]) =>
    device.createBindGroup({
      label,
      layout: pipeline.getBindGroupLayout(0),
      entries: resources.map((resource, binding) => ({
        binding,
        resource: 'buffer' in resource ? resource : { buffer: resource },
      })),
    });
  const epoch = { buffer: buffers.epochs, size: EPOCH.byteSize };
  return {
    integrate: group('integrate epoch', kernels.integrateEpoch, [
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
      group('deliver spikes', kernels.deliverSpikes, [
        epoch,
        buffers.spikes,
        buffers.counters,
        shard.uniform,
        shard.rowPointers,
        shard.synapses,
        buffers.inputRing,
      ]),
    ),
    reduceChunks: group('reduce chunks', kernels.reduceChunks, [
      buffers.reduction,
      buffers.sampleSums,
      buffers.chunks,
      buffers.electrodeWeights,
      buffers.partialSums,
    ]),
    reduceSamples: group('reduce samples', kernels.reduceSamples, [
      buffers.reduction,
      buffers.partialSums,
      buffers.chunkRanges,
      buffers.reduced,
    ]),
  };
}
