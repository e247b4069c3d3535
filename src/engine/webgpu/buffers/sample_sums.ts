import { POPULATION_SIGNALS } from '../../engine.js';
import { MEAN_SIGNALS } from '../../signals.js';
import type { KernelConfiguration } from '../kernels/kernel_configuration.js';

/** Bytes of the sample sums: [slot][signal][neuron]. */
export const sampleSumsBytes = ({ sampleSlots, neurons }: KernelConfiguration): number =>
  4 * sampleSlots * POPULATION_SIGNALS.length * neurons;

/** Where the sums of the sample lie that is running after `steps` steps. */
export function runningSums(
  { sampleSlots, sampleSteps, neurons }: KernelConfiguration,
  steps: number,
): { byteOffset: number; byteLength: number } {
  const slot = Math.floor(steps / sampleSteps) % sampleSlots;
  return {
    byteOffset: 4 * slot * POPULATION_SIGNALS.length * neurons,
    byteLength: 4 * MEAN_SIGNALS.length * neurons,
  };
}
