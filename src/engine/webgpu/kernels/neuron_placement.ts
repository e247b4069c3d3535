import type { EnginePlan } from '../../plan.js';
import type { CellPrograms } from './cell_programs.js';

/** One neuron of every thread: the neurons of one program (by number), from the `first` of them on. */
export interface ThreadNeuron {
  readonly program: number;
  readonly first: number;
}

/** How the neurons of a network are laid out over the workgroups that simulate it. */
export interface NeuronPlacement {
  /** Workgroups of each network. */
  readonly workgroups: number;
  readonly workgroupSize: number;
  /** Threads that deliver one spike. */
  readonly deliveryLanes: number;
  readonly threadNeurons: readonly ThreadNeuron[];
  /** Which of its network's workgroups each neuron belongs to. */
  readonly workgroupOfNeuron: Uint8Array;
}

/** How far an adapter lays networks out over workgroups. */
export interface PlacementLimits {
  readonly largestWorkgroup: number;
  /** Sizes of workgroups are multiples of it; so many threads deliver one spike. */
  readonly threadGroup: number;
  /** The code of a step is written out once for each neuron of a thread, and its state is held in registers. */
  readonly mostNeuronsPerThread: number;
}

/**
 * The fewest neurons per thread that hold every member of the plan, and the smallest workgroups for that many. Null where a network is
 * too large for its workgroups.
 */
export function neuronPlacement(
  plan: EnginePlan,
  { programs, ofPopulation }: CellPrograms,
  workgroups: number,
  { largestWorkgroup, threadGroup, mostNeuronsPerThread }: PlacementLimits,
): NeuronPlacement | null {
  const largestCounts = programs.map((_, program) =>
    Math.max(
      ...plan.members.map(({ firstPopulation, populations }) =>
        plan.populations
          .slice(firstPopulation, firstPopulation + populations)
          .reduce(
            (sum, { count }, p) => sum + (ofPopulation[firstPopulation + p] === program ? count : 0),
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
  const threadNeurons = largestCounts.flatMap((count, program) =>
    Array.from({ length: Math.ceil(count / (size * workgroups)) }, (_, k) => ({
      program,
      first: k * size * workgroups,
    })),
  );
  const workgroupOfNeuron = new Uint8Array(plan.neurons);
  for (const { firstPopulation, populations } of plan.members) {
    const placed = programs.map(() => 0);
    for (let p = firstPopulation; p < firstPopulation + populations; p++) {
      const { first, count } = plan.populations[p];
      for (let i = first; i < first + count; i++)
        workgroupOfNeuron[i] = Math.floor(placed[ofPopulation[p]]++ / size) % workgroups;
    }
  }
  return { workgroups, workgroupSize: size, deliveryLanes: threadGroup, threadNeurons, workgroupOfNeuron };
}
