import type { EnginePlan } from '../../plan.js';
import type { DeviceHandle } from '../device/device.js';
import type { KernelVariants } from './kernel_variants.js';

/** One neuron of every thread: the neurons of one kernel variant (by number), from the `first` of them on. */
export interface ThreadNeuron {
  readonly variant: number;
  readonly first: number;
}

/** How the neurons of a network are laid out over the workgroups that simulate it. */
export interface NeuronPlacement {
  /** Workgroups of each network. */
  readonly workgroups: number;
  readonly workgroupSize: number;
  readonly threadNeurons: readonly ThreadNeuron[];
  /** Which of its network's workgroups each neuron belongs to. */
  readonly workgroupOfNeuron: Uint8Array;
}

/** How far networks may be laid out over workgroups. */
export interface PlacementOptions {
  readonly workgroups: number;
  readonly largestWorkgroup: number;
  /** Sizes of workgroups are multiples of it. */
  readonly threadGroup: number;
  /** The code of a step is written out once for each neuron of a thread, and its state is held in registers. */
  readonly mostNeuronsPerThread: number;
}

/** Storage buffers that simulate_network binds. */
const NETWORK_KERNEL_BUFFERS = 9;

/** What the adapter can bind for, and has threads for, in one workgroup. */
export const placementOptions = ({
  limits,
  isSoftware,
}: DeviceHandle): Omit<PlacementOptions, 'workgroups'> => ({
  // More threads would leave a thread of a GPU too few registers for its neurons.
  largestWorkgroup: Math.min(
    limits.maxComputeInvocationsPerWorkgroup,
    limits.maxComputeWorkgroupSizeX,
    isSoftware ? Number.POSITIVE_INFINITY : 512,
  ),
  threadGroup: isSoftware ? 8 : 32,
  mostNeuronsPerThread: isSoftware ? 8 : 2,
});

/** What a dispatch costs a software adapter besides its computation, with the wake-ups of its threads, s. */
const DISPATCH_SECONDS = 250e-6;
/** Time of a neuron-step on one thread of a software adapter, s: measured with lavapipe and with SwiftShader. */
const NEURON_STEP_SECONDS = { lavapipe: 12e-9, other: 115e-9 };
/**
 * Neurons that a workgroup should have. Two workgroups of 250 are a quarter faster than one of 500, too little for a
 * second processor: sweeps and ensembles have more use for it.
 */
const FEWEST_SHARED_NEURONS = 500;
/** Threads that lavapipe computes with, at most (Mesa's LP_MAX_THREADS). */
const LAVAPIPE_THREADS = 32;

/**
 * Over how many workgroups a network is best laid out, or null where a dispatch an epoch for all neurons is faster. All give
 * the same results to the bit. On hardware one workgroup is faster, for as large a network as `mostNeuronsPerThread` allows. A software
 * adapter computes a workgroup with one thread. Lavapipe has a thread for every processor, so that workgroups can wait for
 * each other: `runAtOnce` says whether so many really run at once. Else a workgroup a network is faster where there are as many
 * networks as processors, or while an epoch takes less time than threads need to come together for it. Members of an
 * ensemble have one workgroup each: a counter tells who has reached the barrier.
 */
export async function workgroupsOfNetwork(
  { neurons, members, epochSteps, sampleSteps }: EnginePlan,
  { adapter, processors }: DeviceHandle,
  runAtOnce: (workgroups: number) => Promise<boolean>,
): Promise<number | null> {
  if (!adapter.isSoftware) return 1;
  const isLavapipe = adapter.driver === 'lavapipe';
  if (isLavapipe && members.length === 1) {
    // Logical processors often share a core in pairs; of two both are taken, which was measured.
    const most = Math.min(processors, Math.max(2, Math.floor(processors / 2)), LAVAPIPE_THREADS);
    const shared = Math.min(most, Math.floor(neurons / FEWEST_SHARED_NEURONS));
    if (shared > 1 && (await runAtOnce(shared))) return shared;
  }
  const neuronSteps = neurons * Math.min(epochSteps, sampleSteps);
  const seconds = neuronSteps * NEURON_STEP_SECONDS[isLavapipe ? 'lavapipe' : 'other'];
  return seconds * (1 / members.length - 1 / processors) < DISPATCH_SECONDS ? 1 : null;
}

/** Whether the adapter can bind what simulate_network needs. */
export const canBindNetworks = ({ limits }: DeviceHandle, synapseBytes: number): boolean =>
  limits.maxStorageBuffersPerShaderStage >= NETWORK_KERNEL_BUFFERS &&
  synapseBytes <= Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

/**
 * The fewest neurons per thread that hold every member of the plan, and the smallest workgroups for that many. Null where a network is
 * too large for its workgroups.
 */
export function neuronPlacement(
  plan: EnginePlan,
  { variants, ofPopulation }: KernelVariants,
  { workgroups, largestWorkgroup, threadGroup, mostNeuronsPerThread }: PlacementOptions,
): NeuronPlacement | null {
  const largestCounts = variants.map((_, variant) =>
    Math.max(
      ...plan.members.map(({ firstPopulation, populations }) =>
        plan.populations
          .slice(firstPopulation, firstPopulation + populations)
          .reduce(
            (sum, { count }, p) => sum + (ofPopulation[firstPopulation + p] === variant ? count : 0),
            0,
          ),
      ),
    ),
  );
  const neuronsPerThread = (size: number) =>
    largestCounts.reduce((sum, count) => sum + Math.ceil(count / (size * workgroups)), 0);
  let size = threadGroup * Math.floor(largestWorkgroup / threadGroup);
  const fewest = neuronsPerThread(size);
  if (fewest > mostNeuronsPerThread) return null;
  // Every workgroup's spikes need a group of threads that delivers them.
  const smallest = threadGroup * workgroups;
  while (size > smallest && neuronsPerThread(size - threadGroup) === fewest) size -= threadGroup;
  const threadNeurons = largestCounts.flatMap((count, variant) =>
    Array.from({ length: Math.ceil(count / (size * workgroups)) }, (_, k) => ({
      variant,
      first: k * size * workgroups,
    })),
  );
  const workgroupOfNeuron = new Uint8Array(plan.neurons);
  for (const { firstPopulation, populations } of plan.members) {
    const placed = variants.map(() => 0);
    for (let p = firstPopulation; p < firstPopulation + populations; p++) {
      const { first, count } = plan.populations[p];
      for (let i = first; i < first + count; i++)
        workgroupOfNeuron[i] = Math.floor(placed[ofPopulation[p]]++ / size) % workgroups;
    }
  }
  return { workgroups, workgroupSize: size, threadNeurons, workgroupOfNeuron };
}
