import type { Network } from '../../network/network.js';
import { BYTES_PER_SYNAPSE } from '../../network/synapse_word.js';
import { EngineError, type EngineSetup, type EngineSnapshot } from '../engine.js';
import { type EnginePlan, mergePlans, planEngine } from '../plan.js';
import { batchGranule, stepsPerBatch } from './batches/batch.js';
import { BatchPacer } from './batches/batch_pacer.js';
import { stagingLayout } from './batches/decode.js';
import { type BindGroups, createBindGroups } from './buffers/bind_groups.js';
import { createNetworkBuffers, type NetworkBuffers } from './buffers/network_buffers.js';
import { StagingRing } from './buffers/staging_ring.js';
import type { DeviceHandle } from './device/device.js';
import { warmUp } from './dispatch/submit.js';
import { MAX_GPU_NEURONS } from './kernels/buffer_layouts.js';
import { type KernelConfiguration, kernelConfiguration } from './kernels/kernel_configuration.js';
import { kernelVariants } from './kernels/kernel_variants.js';
import { compileKernels, type Kernels } from './kernels/kernels.js';
import {
  canBindNetworks,
  neuronPlacement,
  placementOptions,
  workgroupsOfNetwork,
} from './kernels/neuron_placement.js';
import { receptorsPerWord } from './kernels/ring_word.js';
import { workgroupsRunAtOnce } from './software/barrier_probe.js';

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
  readonly dispatch?: 'epochs' | 'networks';
}

/** What one network or several need on a device: numbers, kernels and buffers. */
export interface CircuitResources {
  readonly networks: readonly Network[];
  readonly plan: EnginePlan;
  readonly config: KernelConfiguration;
  readonly pacer: BatchPacer;
  readonly kernels: Kernels;
  readonly buffers: NetworkBuffers;
  readonly bindGroups: BindGroups;
  readonly staging: StagingRing;
  readonly setup: EngineSetup;
}

/** Plans, compiles and allocates. `keptState` is a state buffer to go on using, where its size fits. */
export async function allocateCircuits(
  networks: readonly Network[],
  handle: DeviceHandle,
  { spikeCapacity, resumeFrom, dispatch }: WebGpuEngineOptions,
  injectsCurrent: boolean,
  keptState: GPUBuffer | null,
): Promise<CircuitResources> {
  const { device } = handle;
  const [{ integrator }, ...others] = networks.map(({ circuit }) => circuit.simulation);
  if (others.some((simulation) => simulation.integrator !== integrator))
    throw new EngineError('members of an ensemble share the integrator');
  const merged = mergePlans(networks.map(planEngine));
  // Input that is still under way keeps its delay when a network with shorter ones takes over.
  const ringSlots = Math.max(merged.ringSlots, resumeFrom?.ringSlots ?? 0);
  const synapses = networks.reduce((sum, network) => sum + network.synapses.count, 0);
  const hasSynapses = synapses > 0 || (resumeFrom?.ring.some((quanta) => quanta !== 0) ?? false);
  const plan = {
    ...merged,
    ringSlots,
    // An epoch reads each slot of the ring once at most.
    epochSteps: hasSynapses ? Math.min(merged.epochSteps, ringSlots) : merged.epochSteps,
  };
  if (plan.neurons > MAX_GPU_NEURONS)
    throw new EngineError(
      `one device simulates at most ${MAX_GPU_NEURONS} neurons, not ${plan.neurons}; use fewer neurons`,
    );
  const largestBytes = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const batchSteps = stepsPerBatch(plan, largestBytes);
  const variants = kernelVariants(plan);
  // Input that is under way in a network without synapses is read, but has no rows to be delivered from.
  const isForNetworks =
    dispatch !== 'epochs' &&
    plan.sourceEvents.rows.length === 0 &&
    (synapses > 0 || !hasSynapses) &&
    canBindNetworks(handle, BYTES_PER_SYNAPSE * synapses);
  const workgroups = isForNetworks
    ? await workgroupsOfNetwork(plan, handle, (count) => workgroupsRunAtOnce(handle, count))
    : null;
  const placement =
    workgroups !== null || (isForNetworks && dispatch === 'networks')
      ? neuronPlacement(plan, variants, { ...placementOptions(handle), workgroups: workgroups ?? 1 })
      : null;
  const neuronsOfList = placement
    ? Math.min(
        Math.max(...plan.members.map(({ neurons }) => neurons)),
        placement.threadNeurons.length * placement.workgroupSize,
      )
    : plan.neurons;
  const config = kernelConfiguration(plan, {
    workgroupSize: 64,
    deliveryWorkgroupSize: 64,
    deliveryLanes: placementOptions(handle).threadGroup,
    placement,
    hasSynapses,
    spikeLists: placement ? plan.members.length * placement.workgroups : 1,
    spikeCapacity: spikeCapacity ?? Math.ceil(0.5 * neuronsOfList * batchSteps * plan.dtMs) + 64,
    sampleSlots: Math.ceil(batchSteps / plan.sampleSteps) + 1,
    injectsCurrent,
    // Clearing is a plain fill on a software adapter, where the kernel's stores are dear.
    clearsRing: !handle.isSoftware,
    receptorsPerWord: receptorsPerWord(plan.receptors, plan.largestInput + largestUnderWay(resumeFrom)),
  });
  const largestDispatch = device.limits.maxComputeWorkgroupsPerDimension;
  if (config.epochWorkgroups > largestDispatch)
    throw new EngineError(
      `the network needs ${config.epochWorkgroups} workgroups, the adapter dispatches at most ${largestDispatch}; use fewer neurons`,
    );
  const startedAt = performance.now();
  const kernels = await compileKernels(device, plan, config, integrator);
  const compiledAt = performance.now();
  device.pushErrorScope('out-of-memory');
  let buffers: NetworkBuffers | null = null;
  let refusal: unknown = null;
  try {
    buffers = createNetworkBuffers(
      device,
      networks,
      plan,
      config,
      (p) => variants.ofPopulation[p],
      resumeFrom ?? null,
      keptState,
    );
  } catch (error) {
    refusal = error;
  }
  const outOfMemory = await device.popErrorScope();
  if (refusal) throw refusal;
  if (outOfMemory || !buffers) {
    buffers?.destroy();
    throw new EngineError(`the adapter ran out of memory: ${outOfMemory?.message}; use a smaller network`);
  }
  const staging = new StagingRing(device, STAGING_SLOTS, stagingLayout(config).byteSize);
  const bindGroups = createBindGroups(device, buffers, placement !== null);
  const uploadedAt = performance.now();
  const submitted = { plan, config, kernels, buffers, bindGroups };
  await warmUp(handle, submitted, staging, resumeFrom?.stepsDone ?? 0);
  return {
    networks,
    plan,
    config,
    pacer: new BatchPacer(batchSteps, batchGranule(plan), plan.neurons),
    kernels,
    buffers,
    bindGroups,
    staging,
    setup: {
      compileSeconds: (compiledAt - startedAt + performance.now() - uploadedAt) / 1000,
      uploadSeconds: (uploadedAt - compiledAt) / 1000,
    },
  };
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

const largestUnderWay = (snapshot: EngineSnapshot | undefined): number =>
  snapshot?.ring.reduce((a, b) => Math.max(a, b), 0) ?? 0;
