import { EPOCH } from '../kernels/buffer_layouts.js';
import { epochBindGroupLayout, type KernelName, kernelBindGroupLayout } from '../kernels/kernels.js';
import type { NetworkBuffers } from './network_buffers.js';

/**
 * The buffers that each kernel sees, in the order of its bindings; delivery has one group a synapse shard. `steps` is for
 * simulate_network or integrate_epoch, whichever the network has.
 */
export interface BindGroups {
  readonly steps: GPUBindGroup;
  readonly deliver: readonly GPUBindGroup[];
  /**
   * Group 1: the constants of a batch's `index`th epoch. A group for each instead of one with a dynamic offset, for which
   * lavapipe maps and unmaps memory in every dispatch (35 us).
   */
  epoch(index: number): GPUBindGroup;
  readonly reduceChunks: GPUBindGroup;
  readonly reduceSamples: GPUBindGroup;
}

export function createBindGroups(
  device: GPUDevice,
  buffers: NetworkBuffers,
  simulatesNetworks: boolean,
): BindGroups {
  const group = (name: KernelName, bound: readonly GPUBuffer[]) =>
    device.createBindGroup({
      label: name,
      layout: kernelBindGroupLayout(device, name),
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  const layoutOfEpochs = epochBindGroupLayout(device);
  const epochs: GPUBindGroup[] = [];
  const epoch = (index: number) => {
    epochs[index] ??= device.createBindGroup({
      label: `epoch ${index}`,
      layout: layoutOfEpochs,
      entries: [
        {
          binding: 0,
          resource: { buffer: buffers.epochs, offset: index * buffers.epochStride, size: EPOCH.byteSize },
        },
      ],
    });
    return epochs[index];
  };
  const ofNeurons = [
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
        buffers.spikes,
        buffers.counters,
        shard.uniform,
        shard.rowPointers,
        shard.synapses,
        buffers.inputRing,
        buffers.sourceEvents,
      ]),
    ),
    epoch,
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
