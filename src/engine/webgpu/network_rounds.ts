import type { EnginePlan } from '../plan.js';
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

/** What an adapter needs to have for kernels of one workgroup a network. */
export interface RoundsOptions {
  readonly largestWorkgroup: number;
  /** Sizes of workgroups are multiples of it. */
  readonly threadGroup: number;
  /** Every round is written out in the kernel, and its neuron held in registers. */
  readonly mostRounds: number;
}

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
