import type { Batch } from '../batches/batch.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import { bindGroup } from '../kernels/bind_groups.js';
import { REDUCTION } from '../kernels/buffer_layouts.js';
import { type KernelConfiguration, outputsPerSample } from '../kernels/kernel_configuration.js';
import type { CompileKernel } from '../kernels/kernels.js';
import { pack } from '../kernels/wgsl_struct.js';

/** The kernels that add up the samples of the recording, whatever computed them. */
export const REDUCTION_KERNELS = ['reduce_chunks', 'reduce_samples'] as const;

/** Threads of their workgroups. */
const WORKGROUP_SIZE = 64;

/** The reduction with the buffers of a network. */
export interface Reduction {
  /** Encodes the reduction of the samples that end in a batch. */
  encode(pass: GPUComputePassEncoder, batch: Batch): void;
}

export async function compileReduction(compile: CompileKernel): Promise<{
  bind(device: GPUDevice, buffers: NetworkBuffers, config: KernelConfiguration): Reduction;
}> {
  const [reduceChunks, reduceSamples] = await Promise.all(REDUCTION_KERNELS.map((kernel) => compile(kernel)));
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
          pass.dispatchWorkgroups(Math.ceil((samples * config.chunks.length) / WORKGROUP_SIZE));
          pass.setPipeline(reduceSamples);
          pass.setBindGroup(0, ofSamples);
          pass.dispatchWorkgroups(Math.ceil((samples * outputsPerSample(config)) / WORKGROUP_SIZE));
        },
      };
    },
  };
}
