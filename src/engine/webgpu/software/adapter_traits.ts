import type { EnginePlan } from '../../plan.js';
import type { DeviceHandle } from '../device/device.js';
import type { PlacementLimits } from '../kernels/neuron_placement.js';
import { workgroupsRunAtOnce } from './barrier_probe.js';
import { workgroupsOnSoftware } from './shared_networks.js';

/**
 * The ways in which the engine treats adapters differently: a GPU has thousands of threads and hides waiting for
 * memory, a software adapter computes a workgroup on one thread of a few processors. Nothing else depends on the kind
 * of adapter, and no result depends on it.
 */
export interface AdapterTraits {
  /** Workgroups that simulate whole networks. */
  readonly placement: PlacementLimits;
  /**
   * Best number of workgroups for each network; null where one dispatch per epoch for all neurons is faster.
   */
  workgroupsPerNetwork(plan: EnginePlan): Promise<number | null>;
  /** Whether the kernel clears the input that it has read; else slots of the ring are cleared by fills after each epoch. */
  readonly kernelClearsRing: boolean;
  /** Workgroups of a delivery dispatch, which share the spikes of an epoch. */
  readonly deliveryWorkgroups: number;
}

/** The traits of a device's adapter; `runAtOnce` tells whether so many workgroups of one dispatch run at the same time. */
export function adapterTraits(
  handle: DeviceHandle,
  runAtOnce = (workgroups: number) => workgroupsRunAtOnce(handle, workgroups),
): AdapterTraits {
  const { adapter, limits, processors } = handle;
  return adapter.isSoftware
    ? {
        placement: { largestWorkgroup: threadsOf(limits), threadGroup: 8, mostNeuronsPerThread: 8 },
        workgroupsPerNetwork: (plan) =>
          workgroupsOnSoftware(plan, { isLavapipe: adapter.driver === 'lavapipe', processors, runAtOnce }),
        // A store is slow on a software adapter, a fill is a memset.
        kernelClearsRing: false,
        deliveryWorkgroups: 16,
      }
    : hardwareTraits(limits);
}

/** The traits of a GPU with these limits. */
export const hardwareTraits = (limits: WorkgroupLimits): AdapterTraits => ({
  placement: {
    // More threads would leave each too few registers for its neurons.
    largestWorkgroup: Math.min(512, threadsOf(limits)),
    threadGroup: 32,
    mostNeuronsPerThread: 2,
  },
  workgroupsPerNetwork: async () => 1,
  kernelClearsRing: true,
  deliveryWorkgroups: 512,
});

type WorkgroupLimits = Pick<
  GPUSupportedLimits,
  'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupSizeX'
>;

const threadsOf = (limits: WorkgroupLimits): number =>
  Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
