import type { Network } from '../../network/network.js';
import { EngineError, type EngineSetup, type EngineSnapshot } from '../engine.js';
import { batchGranule } from './batches/batch.js';
import { BatchPacer } from './batches/batch_pacer.js';
import { stagingLayout } from './batches/decode.js';
import { createNetworkBuffers, type NetworkBuffers } from './buffers/network_buffers.js';
import { RestorePoint } from './buffers/restore_point.js';
import { StagingRing } from './buffers/staging_ring.js';
import { type CircuitDesign, designCircuits, type WebGpuEngineOptions } from './circuit_design.js';
import type { DeviceHandle } from './device/device.js';
import type { CompiledSteps } from './dispatch/dispatch.js';
import { type CompiledReduction, compileReduction } from './dispatch/reduction.js';
import { type SubmitResources, warmUp } from './dispatch/submit.js';
import { kernelCompiler } from './kernels/kernels.js';
import { adapterTraits } from './software/adapter_traits.js';

/** Submits whose results may be on their way at once. */
export const STAGING_SLOTS = 3;

/** What one or several networks need on a device: numbers, kernels and buffers. */
export interface CircuitResources extends SubmitResources {
  readonly networks: readonly Network[];
  readonly pacer: BatchPacer;
  readonly restorePoint: RestorePoint;
  readonly staging: StagingRing;
  readonly setup: EngineSetup;
}

/**
 * Puts networks on a device: designs, compiles, allocates and binds. `keptState` is a state buffer to keep using, where its
 * size fits.
 */
export async function allocateCircuits(
  networks: readonly Network[],
  handle: DeviceHandle,
  options: WebGpuEngineOptions,
  injectsCurrent: boolean,
  keptState: GPUBuffer | null,
): Promise<CircuitResources> {
  const { device, limits } = handle;
  const resumeFrom = options.resumeFrom ?? null;
  const adapter = { traits: adapterTraits(handle), limits };
  const design = await designCircuits(networks, adapter, options, injectsCurrent);

  const startedAt = performance.now();
  const compiled = await compileDesign(handle, design);
  const compiledAt = performance.now();
  const bound = await bindDesign(device, networks, design, compiled, resumeFrom, keptState);
  const staging = new StagingRing(device, STAGING_SLOTS, stagingLayout(design.config).byteSize);
  const uploadedAt = performance.now();
  await warmUp(handle, bound, staging, resumeFrom?.stepsDone ?? 0);
  return {
    ...bound,
    networks,
    pacer: new BatchPacer(design.batchSteps, batchGranule(bound.plan), bound.plan.neurons),
    restorePoint: new RestorePoint(device, bound.buffers, bound.config),
    staging,
    setup: {
      compileSeconds: (compiledAt - startedAt + performance.now() - uploadedAt) / 1000,
      uploadSeconds: (uploadedAt - compiledAt) / 1000,
    },
  };
}

/** The kernels of a design, still without buffers. */
interface CompiledDesign {
  readonly steps: CompiledSteps;
  readonly reduction: CompiledReduction;
}

async function compileDesign(
  { device, limits }: DeviceHandle,
  { dispatch, sources }: CircuitDesign,
): Promise<CompiledDesign> {
  const compile = kernelCompiler(device, sources);
  const [steps, reduction] = await Promise.all([
    dispatch.compile(compile),
    compileReduction(compile, limits),
  ]);
  return { steps, reduction };
}

/** Allocates and fills a design's buffers and binds its kernels to them. */
async function bindDesign(
  device: GPUDevice,
  networks: readonly Network[],
  { planned: { plan }, dispatch, config }: CircuitDesign,
  { steps, reduction }: CompiledDesign,
  resumeFrom: EngineSnapshot | null,
  keptState: GPUBuffer | null,
): Promise<SubmitResources> {
  const buffers = await noticingOutOfMemory(device, () =>
    createNetworkBuffers(device, networks, plan, config, dispatch.arrangeRows, resumeFrom, keptState),
  );
  return {
    plan,
    config,
    buffers,
    steps: steps.bind(device, buffers, config),
    reduction: reduction.bind(device, buffers, config),
  };
}

/** Allocates buffers. Rejects with EngineError, and frees them, where the adapter has too little memory. */
async function noticingOutOfMemory(
  device: GPUDevice,
  allocate: () => NetworkBuffers,
): Promise<NetworkBuffers> {
  device.pushErrorScope('out-of-memory');
  let buffers: NetworkBuffers | null = null;
  let refusal: unknown = null;
  try {
    buffers = allocate();
  } catch (error) {
    refusal = error;
  }
  const outOfMemory = await device.popErrorScope();
  if (refusal) throw refusal;
  if (outOfMemory || !buffers) {
    buffers?.destroy();
    throw new EngineError(`the adapter ran out of memory: ${outOfMemory?.message}; use a smaller network`);
  }
  return buffers;
}

export function releaseCircuits(
  { buffers, staging }: CircuitResources,
  { device }: DeviceHandle,
  kept: GPUBuffer | null,
): void {
  staging.destroy();
  buffers.destroy(kept);
  // Dawn returns the memory of destroyed buffers at a later submit.
  device.queue.submit([]);
}
