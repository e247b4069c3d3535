import type { EnginePlan } from '../../plan.js';
import { type Batch, epochAt } from '../batches/batch.js';
import { stagingLayout } from '../batches/decode.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import type { StagingRing } from '../buffers/staging_ring.js';
import type { DeviceHandle } from '../device/device.js';
import type { KernelConfiguration } from '../kernels/kernel_configuration.js';
import type { EncodeSteps, Steps } from './dispatch.js';
import type { Reduction } from './reduction.js';

/** What encoding a batch needs of a network on a device. */
export interface SubmitResources {
  readonly plan: EnginePlan;
  readonly config: KernelConfiguration;
  readonly steps: Steps;
  readonly reduction: Reduction;
  readonly buffers: NetworkBuffers;
}

/** Submits a batch: its steps, the reduction of its samples, and the copies of its records into `staging`. */
export function submitBatch(
  device: GPUDevice,
  { config, buffers, reduction }: SubmitResources,
  batch: Batch,
  encodeSteps: EncodeSteps,
  staging: GPUBuffer,
): void {
  const encoder = device.createCommandEncoder({ label: `steps from ${batch.firstStep}` });
  const pass = encodeSteps(encoder);
  reduction.encode(pass, batch);
  pass.end();
  for (const { buffer, offset, byteSize } of stagingLayout(config).parts)
    encoder.copyBufferToBuffer(buffers[buffer], 0, staging, offset, byteSize);
  device.queue.submit([encoder.finish()]);
}

/**
 * Runs the kernels over an epoch of no steps, which changes nothing, and clears the staging buffers: some drivers compile and
 * allocate at first use, and that time belongs to the setup.
 */
export async function warmUp(
  handle: DeviceHandle,
  { plan, config, steps }: SubmitResources,
  staging: StagingRing,
  stepsDone: number,
): Promise<void> {
  const epoch = epochAt(plan, config, stepsDone, 0);
  // A run that continues within a sample needs the kernel that keeps its sums.
  const isWholeSamples = plan.epochSteps >= plan.sampleSteps && epoch.sample_step === 0;
  const encodeSteps = await steps.prepare({ epochs: [epoch], whole: epoch, isWholeSamples });
  const encoder = handle.device.createCommandEncoder({ label: 'warm-up' });
  encodeSteps(encoder).end();
  staging.clear(encoder);
  handle.device.queue.submit([encoder.finish()]);
  await handle.guard(handle.device.queue.onSubmittedWorkDone());
}
