import type { Network } from '../../network/network.js';
import { BYTES_PER_SYNAPSE } from '../../network/synapse_word.js';
import { EngineError, type EngineSetup, type EngineSnapshot } from '../engine.js';
import type { EnginePlan } from '../plan.js';
import { batchGranule, stepsPerBatch } from './batches/batch.js';
import { BatchPacer } from './batches/batch_pacer.js';
import { stagingLayout } from './batches/decode.js';
import { largestStorageBytes } from './buffers/buffer_maker.js';
import { createNetworkBuffers, type NetworkBuffers } from './buffers/network_buffers.js';
import { StagingRing } from './buffers/staging_ring.js';
import { configureKernels } from './circuit_configuration.js';
import { planCircuits } from './circuit_plan.js';
import type { DeviceHandle } from './device/device.js';
import { chooseDispatch } from './dispatch/choose_dispatch.js';
import type { DispatchKind, Steps } from './dispatch/dispatch.js';
import { compileReduction, type Reduction } from './dispatch/reduction.js';
import { warmUp } from './dispatch/submit.js';
import type { KernelConfiguration } from './kernels/kernel_configuration.js';
import { kernelCompiler, kernelSource } from './kernels/kernels.js';
import { adapterTraits } from './software/adapter_traits.js';

/** Submits whose results may be on their way at once. */
export const STAGING_SLOTS = 3;

export interface WebGpuEngineOptions {
  /**
   * Spikes of one workgroup that a batch can hold (all spikes where every epoch is dispatched); by default enough for every
   * neuron to fire at 500 Hz. A run that fires more ends with an error that names this option.
   */
  readonly spikeCapacity?: number;
  /** Goes on from a snapshot of the WebGPU engine instead of starting at time 0. */
  readonly resumeFrom?: EngineSnapshot;
  /**
   * A dispatch an epoch for all neurons, or one a batch with a workgroup or a few for each network, where networks are small
   * enough for that. By default what should be faster on the adapter; the results are the same to the bit.
   */
  readonly dispatch?: DispatchKind;
}

/** What one network or several need on a device: numbers, kernels and buffers. */
export interface CircuitResources {
  readonly networks: readonly Network[];
  readonly plan: EnginePlan;
  readonly config: KernelConfiguration;
  readonly pacer: BatchPacer;
  readonly steps: Steps;
  readonly reduction: Reduction;
  readonly buffers: NetworkBuffers;
  readonly staging: StagingRing;
  readonly setup: EngineSetup;
}

/**
 * Puts networks on a device in five steps: a plan, a way of dispatching it, the kernels' configuration, compiled kernels,
 * and buffers bound to them. `keptState` is a state buffer to go on using, where its size fits.
 */
export async function allocateCircuits(
  networks: readonly Network[],
  handle: DeviceHandle,
  options: WebGpuEngineOptions,
  injectsCurrent: boolean,
  keptState: GPUBuffer | null,
): Promise<CircuitResources> {
  const { device, limits } = handle;
  const { spikeCapacity = null, dispatch: wanted = null } = options;
  const resumeFrom = options.resumeFrom ?? null;
  const traits = adapterTraits(handle);
  const planned = planCircuits(networks, resumeFrom);
  const { plan } = planned;
  const question = {
    synapseBytes: BYTES_PER_SYNAPSE * planned.synapses,
    hasInputWithoutSynapses: planned.hasSynapses && planned.synapses === 0,
    wanted,
  };
  const dispatch = await chooseDispatch(plan, question, traits, limits);
  const batchSteps = stepsPerBatch(plan, largestStorageBytes(limits));
  const choices = { batchSteps, spikeCapacity, injectsCurrent };
  const config = configureKernels(planned, dispatch, traits, choices);

  const startedAt = performance.now();
  const compile = kernelCompiler(device, (kernel) =>
    kernelSource(kernel, plan, config, planned.integrator, dispatch.modules(planned.integrator)),
  );
  const [compiledSteps, compiledReduction] = await Promise.all([
    dispatch.compile(compile),
    compileReduction(compile, limits),
  ]);
  const compiledAt = performance.now();
  const buffers = await noticingOutOfMemory(device, () =>
    createNetworkBuffers(device, networks, plan, config, dispatch.arrangeRows, resumeFrom, keptState),
  );
  const staging = new StagingRing(device, STAGING_SLOTS, stagingLayout(config).byteSize);
  const steps = compiledSteps.bind(device, buffers, config);
  const reduction = compiledReduction.bind(device, buffers, config);
  const uploadedAt = performance.now();
  await warmUp(handle, { plan, config, steps, reduction, buffers }, staging, resumeFrom?.stepsDone ?? 0);
  return {
    networks,
    plan,
    config,
    pacer: new BatchPacer(batchSteps, batchGranule(plan), plan.neurons),
    steps,
    reduction,
    buffers,
    staging,
    setup: {
      compileSeconds: (compiledAt - startedAt + performance.now() - uploadedAt) / 1000,
      uploadSeconds: (uploadedAt - compiledAt) / 1000,
    },
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
