/** How firmly spikes sit at one phase of the LFP: each neuron, and a population's spikes together. */

import { requireCount, requirePositive } from '../checks.js';
import type { Estimate, SpikeTrains, TimeWindow } from '../data.js';
import type { AnalyticSignal } from '../spectral/hilbert.js';
import { binsOf } from '../spiketrain/binning.js';
import { neuronCount, requireNeurons, requireSpikeTrains, spikesOf } from '../spiketrain/trains.js';
import {
  type PhaseSum,
  pairwisePhaseConsistency,
  pairwisePhaseConsistencyAcross,
  phaseLockingValue,
  rayleighTest,
} from './circular.js';
import { type PhaseVector, phaseVectorAt, requireWithin } from './lfp_phase.js';

/** Spikes of one epoch are not independent; PPC1 pairs spikes of different epochs only. */
const DEFAULT_EPOCH_MS = 1000;

export interface PhaseLocking {
  readonly spikes: number;
  /** Length of the mean vector, 0 .. 1; biased upward for few spikes. */
  readonly plv: number;
  /** Direction of the mean vector in (-pi, pi]; 0 is the band's maximum. */
  readonly phaseRad: number;
  /** Mean cosine over all pairs of spikes: unbiased, may be below 0. */
  readonly ppc0: number;
  /** Over pairs from different epochs; NaN where all spikes are in one. */
  readonly ppc1: number;
  readonly rayleighZ: number;
  readonly rayleighP: number;
}

/** Phase locking of each neuron (each array has length N). NaN where a neuron has fewer than 2 spikes. */
export type NeuronPhaseLocking = {
  readonly [Key in keyof PhaseLocking]: Key extends 'spikes' ? Uint32Array : Float64Array;
};

/**
 * Phase locking of every neuron to the LFP's band, in one pass over the spikes.
 *
 * @param phase as `lfpPhase` gives it; must cover the window
 */
export function neuronPhaseLocking(
  trains: SpikeTrains,
  phase: AnalyticSignal,
  window: TimeWindow,
  epochMs = DEFAULT_EPOCH_MS,
): NeuronPhaseLocking {
  requireSpikeTrains(trains);
  requireWithin(phase, window);
  const epochs = new EpochSums(window, epochMs);
  const count = neuronCount(trains);
  const undefinedYet = () => new Float64Array(count).fill(Number.NaN);
  const all = {
    spikes: new Uint32Array(count),
    plv: undefinedYet(),
    phaseRad: undefinedYet(),
    ppc0: undefinedYet(),
    ppc1: undefinedYet(),
    rayleighZ: undefinedYet(),
    rayleighP: undefinedYet(),
  };
  for (let i = 0; i < count; i++) {
    const times = spikesOf(trains, i, window);
    all.spikes[i] = times.length;
    if (times.length < 2) continue;
    epochs.clear();
    epochs.add(times, phase);
    const one = lockingOf(epochs);
    all.plv[i] = one.plv;
    all.phaseRad[i] = one.phaseRad;
    all.ppc0[i] = one.ppc0;
    all.ppc1[i] = one.ppc1;
    all.rayleighZ[i] = one.rayleighZ;
    all.rayleighP[i] = one.rayleighP;
  }
  return all;
}

/**
 * Phase locking of a group's spikes taken together.
 *
 * @returns null with fewer than 2 spikes
 */
export function groupPhaseLocking(
  trains: SpikeTrains,
  neurons: Uint32Array,
  phase: AnalyticSignal,
  window: TimeWindow,
  epochMs = DEFAULT_EPOCH_MS,
): Estimate<PhaseLocking> {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  requireWithin(phase, window);
  const epochs = new EpochSums(window, epochMs);
  for (const neuron of neurons) epochs.add(spikesOf(trains, neuron, window), phase);
  const { count } = epochs.total();
  if (count < 2)
    return { value: null, reason: `${count} spikes in the window: phase locking needs at least 2` };
  return { value: lockingOf(epochs) };
}

/** Spikes of a group per bin of phase; bin k covers [-pi + k 2 pi/bins, -pi + (k + 1) 2 pi/bins). */
export function phaseHistogram(
  trains: SpikeTrains,
  neurons: Uint32Array,
  phase: AnalyticSignal,
  window: TimeWindow,
  bins: number,
): Float64Array {
  requireCount('bins', bins, 1);
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  requireWithin(phase, window);
  const counts = new Float64Array(bins);
  const vector: PhaseVector = { cos: 0, sin: 0 };
  for (const neuron of neurons) {
    const times = spikesOf(trains, neuron, window);
    for (let k = 0; k < times.length; k++) {
      phaseVectorAt(phase, times[k], vector);
      const turn = Math.atan2(vector.sin, vector.cos) / (2 * Math.PI) + 0.5;
      counts[Math.floor(turn * bins) % bins]++;
    }
  }
  return counts;
}

/** Sums of unit vectors, epoch by epoch of the window; the last epoch may be shorter. */
class EpochSums {
  private readonly sums: { count: number; cos: number; sin: number }[];

  constructor(
    private readonly window: TimeWindow,
    private readonly epochMs: number,
  ) {
    requirePositive('epochMs', epochMs);
    const whole = binsOf(window, Math.min(epochMs, window.stopMs - window.startMs)).count;
    this.sums = Array.from({ length: whole + 1 }, () => ({ count: 0, cos: 0, sin: 0 }));
  }

  clear(): void {
    for (const sum of this.sums) {
      sum.count = 0;
      sum.cos = 0;
      sum.sin = 0;
    }
  }

  add(timesMs: Float64Array, phase: AnalyticSignal): void {
    const vector: PhaseVector = { cos: 0, sin: 0 };
    for (let k = 0; k < timesMs.length; k++) {
      phaseVectorAt(phase, timesMs[k], vector);
      const sum = this.sums[Math.floor((timesMs[k] - this.window.startMs) / this.epochMs)];
      sum.count++;
      sum.cos += vector.cos;
      sum.sin += vector.sin;
    }
  }

  each(): readonly PhaseSum[] {
    return this.sums;
  }

  total(): PhaseSum {
    const total = { count: 0, cos: 0, sin: 0 };
    for (const sum of this.sums) {
      total.count += sum.count;
      total.cos += sum.cos;
      total.sin += sum.sin;
    }
    return total;
  }
}

function lockingOf(epochs: EpochSums): PhaseLocking {
  const total = epochs.total();
  const { z, p } = rayleighTest(total);
  return {
    spikes: total.count,
    plv: phaseLockingValue(total),
    phaseRad: Math.atan2(total.sin, total.cos),
    ppc0: pairwisePhaseConsistency(total),
    ppc1: pairwisePhaseConsistencyAcross(epochs.each()),
    rayleighZ: z,
    rayleighP: p,
  };
}
