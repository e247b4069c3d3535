import type { EnginePlan } from '../plan.js';
import type { DeviceHandle } from './device.js';
import type { KernelVariants } from './kernel_variants.js';

/** One neuron of every thread: the neurons of one kernel variant (by number), from the `first` of them on. */
export interface NetworkRound {
  readonly variant: number;
  readonly first: number;
}

/** How the neurons of a network are laid out over one workgroup that simulates it alone. */
export interface NetworkRounds {
  readonly workgroupSize: number;
  readonly rounds: readonly NetworkRound[];
}

/** How far networks may be laid out over one workgroup. */
export interface RoundsOptions {
  readonly largestWorkgroup: number;
  /** Sizes of workgroups are multiples of it. */
  readonly threadGroup: number;
  /** Every round is written out in the kernel, and its neuron held in registers. */
  readonly mostRounds: number;
}

/** Storage buffers that simulate_network binds. */
const NETWORK_KERNEL_BUFFERS = 9;

/** What the adapter can bind for, and has threads for, in one workgroup a network. */
export const roundsOptions = ({ limits, isSoftware }: DeviceHandle): RoundsOptions => ({
  // More threads would leave a thread of a GPU too few registers for its neurons.
  largestWorkgroup: Math.min(
    limits.maxComputeInvocationsPerWorkgroup,
    limits.maxComputeWorkgroupSizeX,
    isSoftware ? Number.POSITIVE_INFINITY : 512,
  ),
  threadGroup: isSoftware ? 8 : 32,
  mostRounds: isSoftware ? 8 : 2,
});

/** What a dispatch costs a software adapter besides its computation, with the wake-ups of its threads, s. */
const DISPATCH_SECONDS = 250e-6;
/** Time of a neuron-step on one thread of a software adapter, s: measured with lavapipe and with SwiftShader. */
const NEURON_STEP_SECONDS = { lavapipe: 24e-9, other: 115e-9 };

/**
 * Whether a workgroup a network is faster than a dispatch an epoch that all processors share. Both give the same results
 * to the bit. On hardware it is for as large a network as `mostRounds` allows; on a software adapter, whose workgroups are
 * computed by one thread each, while an epoch takes less time than the threads need to come together for it.
 */
export function isOneWorkgroupFaster(plan: EnginePlan, { adapter, processors }: DeviceHandle): boolean {
  if (!adapter.isSoftware) return true;
  const isLavapipe = adapter.driver === 'lavapipe';
  // Two logical processors of a core give its vector units little more than one does; SwiftShader leaves them free.
  const parallel = isLavapipe ? Math.max(1, processors / 2) : processors;
  if (plan.members.length >= parallel) return true;
  const neuronSteps = plan.neurons * Math.min(plan.epochSteps, plan.sampleSteps);
  const seconds = neuronSteps * NEURON_STEP_SECONDS[isLavapipe ? 'lavapipe' : 'other'];
  return seconds * (1 - 1 / parallel) < DISPATCH_SECONDS;
}

/** Whether the adapter can bind what a workgroup a network needs. */
export const canBindNetworks = ({ limits }: DeviceHandle, synapseBytes: number): boolean =>
  limits.maxStorageBuffersPerShaderStage >= NETWORK_KERNEL_BUFFERS &&
  synapseBytes <= Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

/**
 * The fewest rounds that hold every member of the plan, and the smallest workgroup for that many. Null where a network is
 * too large for one workgroup.
 */
export function networkRounds(
  plan: EnginePlan,
  { variants, ofPopulation }: KernelVariants,
  { largestWorkgroup, threadGroup, mostRounds }: RoundsOptions,
): NetworkRounds | null {
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
  const roundsOf = (size: number) => largestCounts.reduce((sum, count) => sum + Math.ceil(count / size), 0);
  let size = threadGroup * Math.floor(largestWorkgroup / threadGroup);
  const fewest = roundsOf(size);
  if (fewest > mostRounds) return null;
  while (size > threadGroup && roundsOf(size - threadGroup) === fewest) size -= threadGroup;
  const rounds = largestCounts.flatMap((count, variant) =>
    Array.from({ length: Math.ceil(count / size) }, (_, k) => ({
      variant,
      first: k * size,
    })),
  );
  return { workgroupSize: size, rounds };
}
