import type { PlannedPopulation } from '../plan.js';

/**
 * Whether a step that took V from `before_mV` to `after_mV` ends in a spike, `sinceSpike` steps after the last one: V over the
 * threshold after the step and not before it; with a refractory period, V over the threshold at least that long after the last
 * spike. Counterpart of shaders/neuron/spike_detection.wgsl.
 */
export function isSpike(
  before_mV: number,
  after_mV: number,
  sinceSpike: number,
  { cell, refractorySteps }: PlannedPopulation,
): boolean {
  const isOver = after_mV > cell.spikeThreshold_mV;
  return refractorySteps > 0
    ? isOver && sinceSpike >= refractorySteps
    : isOver && before_mV <= cell.spikeThreshold_mV;
}
