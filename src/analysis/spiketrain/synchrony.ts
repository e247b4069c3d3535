/** How much a population fluctuates as one: measures over all pairs at the cost of one pass. */

import { AnalysisError, type Estimate, type SpikeTrains, type TimeWindow } from '../data.js';
import { variance } from '../statistics.js';
import { binsOf, countMoments } from './binning.js';
import { spikeHistogram } from './rates.js';
import { requireNeurons, spikesOf } from './trains.js';

/**
 * Golomb's chi of any signals, usually membrane voltages: sqrt(var_t(mean over neurons) / mean over neurons of var_t)
 * (Golomb and Rinzel 1994; Golomb 2007). 1 for identical signals, about 1/sqrt(N) for independent ones.
 *
 * @param signals one per neuron, equal lengths of at least 2, finite
 * @returns null if every signal is constant
 */
export function golombChi(signals: readonly Float64Array[]): Estimate<number> {
  if (signals.length === 0) throw new AnalysisError('chi needs at least 1 signal');
  const samples = signals[0].length;
  const mean = new Float64Array(samples);
  let varianceSum = 0;
  for (const [i, signal] of signals.entries()) {
    if (signal.length !== samples || samples < 2) {
      throw new AnalysisError(
        `signal ${i} has ${signal.length} samples; all must have the same number, at least 2`,
      );
    }
    for (let k = 0; k < samples; k++) mean[k] += signal[k] / signals.length;
    varianceSum += variance(signal);
  }
  if (!Number.isFinite(varianceSum)) throw new AnalysisError('a signal holds a value that is not finite');
  if (varianceSum === 0) return { value: null, reason: 'every signal is constant' };
  return { value: Math.sqrt(variance(mean) / (varianceSum / signals.length)) };
}

/** Synchrony of the spike counts of a group in bins. */
export interface CountSynchrony {
  /** Golomb's chi of the neurons' counts. */
  readonly chi: number;
  /**
   * Covariance over variance of the counts, both averaged: over all N(N - 1)/2 pairs and all N neurons. The mean
   * Pearson correlation if all neurons have the same variance.
   */
  readonly correlation: number;
  /**
   * Standard deviation of the population rate over its mean, less what independent neurons with the same counts would
   * give: sqrt(max(0, var(sum) - sum of var)) / mean(sum). A rate that swings sinusoidally by a part d of its mean
   * gives d / sqrt(2), whatever the size and rate of the population.
   */
  readonly rateModulation: number;
  readonly neurons: number;
  readonly binMs: number;
}

/**
 * Synchrony of a group from its spikes, in bins of `binMs`.
 *
 * @returns null for fewer than 2 neurons, or without spikes
 * @throws AnalysisError if fewer than 2 bins fit in the window
 */
export function countSynchrony(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  binMs: number,
): Estimate<CountSynchrony> {
  const bins = binsOf(window, binMs);
  if (bins.count < 2) {
    throw new AnalysisError(`binMs is ${binMs}; at least 2 must fit in the window`);
  }
  requireNeurons(trains, neurons);
  const n = neurons.length;
  if (n < 2) return { value: null, reason: `${n} neurons: synchrony needs at least 2` };

  const sum = spikeHistogram(trains, neurons, bins);
  const meanSum = sum.reduce((total, count) => total + count, 0) / bins.count;
  if (meanSum === 0) return { value: null, reason: 'the group has no spikes in the window' };
  let ownVariance = 0;
  for (const neuron of neurons) ownVariance += countMoments(spikesOf(trains, neuron, window), bins).variance;
  if (ownVariance === 0) return { value: null, reason: "every neuron's count is the same in all bins" };
  const sumVariance = variance(sum);
  const shared = sumVariance - ownVariance;
  return {
    value: {
      chi: Math.sqrt(sumVariance / (n * ownVariance)),
      correlation: shared / ((n - 1) * ownVariance),
      rateModulation: Math.sqrt(Math.max(0, shared)) / meanSum,
      neurons: n,
      binMs,
    },
  };
}
