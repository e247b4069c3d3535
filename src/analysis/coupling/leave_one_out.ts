import { requireAligned, requireSignal } from '../checks.js';
import type { Estimate, SampledSignal, TimeWindow } from '../data.js';
import { spikeTrainsFromLists } from '../spiketrain/trains.js';
import { lfpPhase } from './lfp_phase.js';
import { groupPhaseLocking, type PhaseLocking } from './phase_locking.js';

/**
 * The LFP without the contribution of the neuron's own currents. Otherwise a neuron would be coupled to itself, and
 * more strongly the closer it is to the electrode.
 *
 * @param own the neuron's contribution to the same electrode, in the LFP's unit, same sample times
 */
export function leaveOneOutLfp(lfp: SampledSignal, own: SampledSignal): SampledSignal {
  requireSignal('lfp', lfp);
  requireSignal('own', own);
  requireAligned(lfp, own);
  return { ...lfp, values: lfp.values.map((value, k) => value - own.values[k]) };
}

/**
 * Phase locking of one neuron's spikes to the LFP of the others.
 *
 * @param timesMs the neuron's spikes, ascending
 * @returns null with fewer than 2 spikes, or if the others' LFP is constant
 */
export function leaveOneOutPhaseLocking(
  timesMs: Float64Array,
  lfp: SampledSignal,
  own: SampledSignal,
  band: { readonly lowHz: number; readonly highHz: number },
  window: TimeWindow,
): Estimate<PhaseLocking> {
  const phase = lfpPhase(leaveOneOutLfp(lfp, own), band.lowHz, band.highHz);
  if (phase.value === null) return phase;
  return groupPhaseLocking(spikeTrainsFromLists([timesMs]), Uint32Array.of(0), phase.value, window);
}
