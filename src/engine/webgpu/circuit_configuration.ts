import type { CircuitPlan } from './circuit_plan.js';
import type { Dispatch } from './dispatch/dispatch.js';
import type { CellPrograms } from './kernels/cell_programs.js';
import { type KernelConfiguration, kernelConfiguration } from './kernels/kernel_configuration.js';
import { receptorsPerWord } from './kernels/ring_word.js';
import type { AdapterTraits } from './software/adapter_traits.js';

/** Mean rate that the spike buffer is made for, spikes per neuron and ms. */
const SPIKES_PER_MS = 0.5;
/** Spikes that every list can hold besides, so that few neurons may fire together. */
const SPARE_SPIKES = 64;

/** The parts of a configuration that the caller may choose. */
export interface ConfigurationChoices {
  /** Steps of the longest batch. */
  readonly batchSteps: number;
  /** Spikes that a list can hold in a batch; null for enough at 500 Hz. */
  readonly spikeCapacity: number | null;
  readonly injectsCurrent: boolean;
}

/** The sizes and switches of the kernels that compute a plan with a dispatch on an adapter. */
export function configureKernels(
  { plan, hasSynapses, largestInput }: CircuitPlan,
  cells: CellPrograms,
  { memberLists, neuronsPerList }: Dispatch,
  { kernelClearsRing }: AdapterTraits,
  { batchSteps, spikeCapacity, injectsCurrent }: ConfigurationChoices,
): KernelConfiguration {
  const batchMs = batchSteps * plan.dtMs;
  return kernelConfiguration(plan, {
    cells,
    hasSynapses,
    memberLists,
    spikeCapacity: spikeCapacity ?? Math.ceil(SPIKES_PER_MS * neuronsPerList * batchMs) + SPARE_SPIKES,
    sampleSlots: Math.ceil(batchSteps / plan.sampleSteps) + 1,
    injectsCurrent,
    clearsRing: kernelClearsRing,
    receptorsPerWord: receptorsPerWord(plan.receptors, largestInput),
  });
}
