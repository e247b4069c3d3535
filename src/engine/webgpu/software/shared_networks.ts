import type { EnginePlan } from '../../plan.js';

/** Time of a dispatch on a software adapter besides its computation, including waking its threads, s. */
const DISPATCH_SECONDS = 250e-6;
/** Time of a neuron-step on one thread of a software adapter, s: measured with lavapipe and with SwiftShader. */
const NEURON_STEP_SECONDS = { lavapipe: 12e-9, other: 115e-9 };
/**
 * Neurons that a workgroup should have. Two workgroups of 250 are a quarter faster than one of 500, which does not
 * justify a second processor: sweeps and ensembles make better use of it.
 */
const FEWEST_SHARED_NEURONS = 500;
/** Threads that lavapipe computes with, at most (Mesa's LP_MAX_THREADS). */
const LAVAPIPE_THREADS = 32;

export interface SoftwareAdapter {
  readonly isLavapipe: boolean;
  /** Logical processors that it computes with. */
  readonly processors: number;
  /** Whether so many workgroups of one dispatch run at the same time. */
  runAtOnce(workgroups: number): Promise<boolean>;
}

/**
 * Over how many workgroups a software adapter should lay out each network, or null where one dispatch per epoch for
 * all neurons is faster. It computes a workgroup with one thread. Lavapipe has a thread for every processor, so that
 * workgroups can wait for each other, where they really run at once. Else one workgroup per network is faster where
 * there are as many networks as processors, or if an epoch takes less time than starting all threads for it. Members
 * of an ensemble have one workgroup each, since one counter tells who has reached the barrier.
 */
export async function workgroupsOnSoftware(
  { neurons, members, epochSteps, sampleSteps }: EnginePlan,
  { isLavapipe, processors, runAtOnce }: SoftwareAdapter,
): Promise<number | null> {
  if (isLavapipe && members.length === 1) {
    // Logical processors often share a core in pairs; of two, both are used (measured).
    const most = Math.min(processors, Math.max(2, Math.floor(processors / 2)), LAVAPIPE_THREADS);
    const shared = Math.min(most, Math.floor(neurons / FEWEST_SHARED_NEURONS));
    if (shared > 1 && (await runAtOnce(shared))) return shared;
  }
  const neuronSteps = neurons * Math.min(epochSteps, sampleSteps);
  const seconds = neuronSteps * NEURON_STEP_SECONDS[isLavapipe ? 'lavapipe' : 'other'];
  return seconds * (1 / members.length - 1 / processors) < DISPATCH_SECONDS ? 1 : null;
}
