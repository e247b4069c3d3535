import type { EnginePlan } from '../../plan.js';
import { type Batch, type EpochConstants, epochAt } from '../batches/batch.js';
import { stagingLayout } from '../batches/decode.js';
import type { BindGroups } from '../buffers/bind_groups.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import type { StagingRing } from '../buffers/staging_ring.js';
import type { DeviceHandle } from '../device/device.js';
import { EPOCH, REDUCTION } from '../kernels/buffer_layouts.js';
import { type KernelConfiguration, outputsPerSample } from '../kernels/kernel_configuration.js';
import type { Kernels } from '../kernels/kernels.js';
import { ringBytes } from '../kernels/ring_word.js';
import { pack } from '../kernels/wgsl_struct.js';

/** What encoding a batch needs of a network on a device. */
export interface SubmitResources {
  readonly plan: EnginePlan;
  readonly config: KernelConfiguration;
  readonly kernels: Kernels;
  readonly buffers: NetworkBuffers;
  readonly bindGroups: BindGroups;
}

/** Workgroups of a delivery dispatch, which share the spikes of an epoch between them. */
const deliveryWorkgroups = (handle: DeviceHandle) => (handle.isSoftware ? 16 : 512);

/** Submits a batch: its epochs, the reduction of its samples, and the copies of its records into `staging`. */
export function submitBatch(
  handle: DeviceHandle,
  resources: SubmitResources,
  batch: Batch,
  steps: GPUComputePipeline,
  staging: GPUBuffer,
): void {
  const { device } = handle;
  const { buffers, kernels, bindGroups, config } = resources;
  const { firstSampleSlot, samples } = batch;
  const reduction = new ArrayBuffer(REDUCTION.byteSize);
  pack(REDUCTION, { first_slot: firstSampleSlot, samples, pad0: 0, pad1: 0 }, new DataView(reduction), 0);
  device.queue.writeBuffer(buffers.reduction, 0, reduction);

  const encoder = device.createCommandEncoder({ label: `steps from ${batch.firstStep}` });
  const pass = encodeSteps(handle, resources, batch, steps, encoder);
  if (samples > 0) {
    pass.setPipeline(kernels.reduceChunks);
    pass.setBindGroup(0, bindGroups.reduceChunks);
    pass.dispatchWorkgroups(Math.ceil((samples * config.chunks.length) / 64));
    pass.setPipeline(kernels.reduceSamples);
    pass.setBindGroup(0, bindGroups.reduceSamples);
    pass.dispatchWorkgroups(Math.ceil((samples * outputsPerSample(config)) / 64));
  }
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
  resources: SubmitResources,
  staging: StagingRing,
  stepsDone: number,
): Promise<void> {
  const { plan, config, kernels } = resources;
  const epoch = epochAt(plan, config, stepsDone, 0);
  // A run that goes on within a sample needs the kernel that keeps its sums.
  const wholeSamples = plan.epochSteps >= plan.sampleSteps && epoch.sample_step === 0;
  const steps = await kernels.steps(wholeSamples);
  const encoder = handle.device.createCommandEncoder({ label: 'warm-up' });
  encodeSteps(handle, resources, { epochs: [epoch], whole: epoch }, steps, encoder).end();
  staging.clear(encoder);
  handle.device.queue.submit([encoder.finish()]);
  await handle.guard(handle.device.queue.onSubmittedWorkDone());
}

/** Encodes the steps of a batch: its epochs one after another, or all in one dispatch. Returns the open compute pass. */
function encodeSteps(
  handle: DeviceHandle,
  { buffers, kernels, bindGroups, config }: SubmitResources,
  { epochs, whole }: Pick<Batch, 'epochs' | 'whole'>,
  steps: GPUComputePipeline,
  encoder: GPUCommandEncoder,
): GPUComputePassEncoder {
  const dispatches = config.placement ? [whole] : epochs;
  const constants = new ArrayBuffer(buffers.epochStride * dispatches.length);
  const view = new DataView(constants);
  dispatches.forEach((epoch, i) => {
    pack(EPOCH, epoch, view, i * buffers.epochStride);
  });
  handle.device.queue.writeBuffer(buffers.epochs, 0, constants);
  encoder.clearBuffer(buffers.counters);
  let pass = encoder.beginComputePass();
  if (config.placement) {
    pass.setPipeline(steps);
    pass.setBindGroup(0, bindGroups.steps);
    pass.setBindGroup(1, bindGroups.epoch(0));
    pass.dispatchWorkgroups(config.members * config.placement.workgroups);
    return pass;
  }
  epochs.forEach((epoch, i) => {
    pass.setPipeline(steps);
    pass.setBindGroup(0, bindGroups.steps);
    pass.setBindGroup(1, bindGroups.epoch(i));
    pass.dispatchWorkgroups(config.epochWorkgroups);
    if (config.hasSynapses && !config.clearsRing && epoch.steps > 0) {
      pass.end();
      clearRingSlots(encoder, buffers.inputRing, config, epoch);
      pass = encoder.beginComputePass();
    }
    if (!kernels.deliverSpikes) return;
    pass.setPipeline(kernels.deliverSpikes);
    pass.setBindGroup(1, bindGroups.epoch(i));
    for (const group of bindGroups.deliver) {
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(deliveryWorkgroups(handle));
    }
  });
  return pass;
}

/** Clears the slots that an epoch has read. */
function clearRingSlots(
  encoder: GPUCommandEncoder,
  ring: GPUBuffer,
  config: KernelConfiguration,
  epoch: EpochConstants,
): void {
  const { ringSlots } = config;
  const slotBytes = ringBytes(config) / ringSlots;
  const end = epoch.ring_slot + epoch.steps;
  encoder.clearBuffer(
    ring,
    epoch.ring_slot * slotBytes,
    (Math.min(end, ringSlots) - epoch.ring_slot) * slotBytes,
  );
  if (end > ringSlots) encoder.clearBuffer(ring, 0, (end - ringSlots) * slotBytes);
}
