import type { Batch } from '../batches/batch.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import { bindGroup } from '../kernels/bind_groups.js';
import { REDUCTION } from '../kernels/buffer_layouts.js';
import {
  type KernelConfiguration,
  outputsPerSample,
  REDUCTION_WORKGROUP_SIZE,
} from '../kernels/kernel_configuration.js';
import type { CompileKernel } from '../kernels/kernels.js';
import { pack } from '../kernels/wgsl_struct.js';
import { type DispatchLimits, dispatchGrid } from './dispatch_grid.js';

/** The kernels that add up the samples of the recording, whatever computed them. */
export const REDUCTION_KERNELS = ['reduce_chunks', 'reduce_samples'] as const;

/** The reduction with the buffers of a network. */
export interface Reduction {
  /** Encodes the reduction of the samples that end in a batch. */
  encode(pass: GPUComputePassEncoder, batch: Batch): void;
}

/** Its kernels, still without buffers. */
export interface CompiledReduction {
  bind(device: GPUDevice, buffers: NetworkBuffers, config: KernelConfiguration): Reduction;
}

export async function compileReduction(
  compile: CompileKernel,
  { maxComputeWorkgroupsPerDimension }: DispatchLimits,
): Promise<CompiledReduction> {
  const [reduceChunks, reduceSamples] = await Promise.all(REDUCTION_KERNELS.map((kernel) => compile(kernel)));
  const gridFor = (threads: number) =>
    dispatchGrid(Math.ceil(threads / REDUCTION_WORKGROUP_SIZE), maxComputeWorkgroupsPerDimension);
  return {
    bind(device, buffers, config) {
      const ofChunks = bindGroup(device, 'reduce_chunks', buffers);
      const ofSamples = bindGroup(device, 'reduce_samples', buffers);
      return {
        encode(pass, { firstSampleSlot, samples }) {
          if (samples === 0) return;
          const constants = new ArrayBuffer(REDUCTION.byteSize);
          const values = { first_slot: firstSampleSlot, samples, pad0: 0, pad1: 0 };
          pack(REDUCTION, values, new DataView(constants), 0);
          device.queue.writeBuffer(buffers.reduction, 0, constants);
          pass.setPipeline(reduceChunks);
          pass.setBindGroup(0, ofChunks);
          pass.dispatchWorkgroups(...gridFor(samples * config.chunks.length));
          pass.setPipeline(reduceSamples);
          pass.setBindGroup(0, ofSamples);
          pass.dispatchWorkgroups(...gridFor(samples * outputsPerSample(config)));
        },
      };
    },
  };
}
