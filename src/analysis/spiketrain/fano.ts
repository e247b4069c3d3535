/** Fano factors: variance over mean of spike counts in windows that tile the recording. */

import { requireCount, requireNonNegative, requirePositive } from '../checks.js';
import { AnalysisError, type SpikeTrains, type TimeWindow } from '../data.js';
import { type Bins, binsOf, countMoments } from './binning.js';
import { neuronCount, requireNeurons, requireSpikeTrains, spikesOf } from './trains.js';

/** Variance (ddof 0) over mean of counts (elephant.statistics.fanofactor); NaN where all counts are 0. */
export function fanoOfCounts(counts: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < counts.length; k++) {
    requireNonNegative(`counts[${k}]`, counts[k]);
    sum += counts[k];
    squares += counts[k] * counts[k];
  }
  const mean = sum / counts.length;
  return (squares / counts.length - mean * mean) / mean;
}

/**
 * Fano factor of each neuron (length N) over the whole windows of `countingMs` that fit: 1 for Poisson. NaN where
 * the neuron has no spike in them: the only undefined case.
 *
 * @throws AnalysisError if fewer than 2 counting windows fit
 */
export function fanoFactors(trains: SpikeTrains, window: TimeWindow, countingMs = 100): Float64Array {
  requireSpikeTrains(trains);
  const bins = countingWindows(window, countingMs);
  const fano = new Float64Array(neuronCount(trains));
  for (let i = 0; i < fano.length; i++) fano[i] = fanoOfTrain(spikesOf(trains, i, window), bins);
  return fano;
}

/** Fano factor against the length of the counting window. */
export interface FanoCurve {
  /** Counting windows in ms. */
  readonly countingMs: Float64Array;
  /** Mean Fano factor over the neurons with a spike; NaN where there is none. */
  readonly fano: Float64Array;
  /** Number of those neurons. */
  readonly neurons: Uint32Array;
}

/**
 * Mean Fano factor of a group for several counting windows: flat at 1 for Poisson, falls to CV^2 for renewal
 * trains, grows where rates drift.
 *
 * @param countingMs lengths in ms, for instance {@link logSpacedMs}; at least 2 of each must fit in the window
 */
export function fanoCurve(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  countingMs: Float64Array,
): FanoCurve {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  const bins = Array.from(countingMs, (length) => countingWindows(window, length));
  const sums = new Float64Array(bins.length);
  const counts = new Uint32Array(bins.length);
  for (const neuron of neurons) {
    const times = spikesOf(trains, neuron, window);
    for (let w = 0; w < bins.length; w++) {
      const fano = fanoOfTrain(times, bins[w]);
      if (Number.isNaN(fano)) continue;
      sums[w] += fano;
      counts[w]++;
    }
  }
  return { countingMs, fano: sums.map((sum, w) => sum / counts[w]), neurons: counts };
}

/** `count` lengths in ms from `fromMs` to `toMs` with equal ratios. */
export function logSpacedMs(fromMs: number, toMs: number, count: number): Float64Array {
  requirePositive('fromMs', fromMs);
  requireCount('count', count, 2);
  if (!(toMs > fromMs && Number.isFinite(toMs))) {
    throw new AnalysisError(`toMs is ${toMs}; it must be finite and above fromMs, ${fromMs}`);
  }
  const ratio = Math.log(toMs / fromMs) / (count - 1);
  return Float64Array.from({ length: count }, (_, k) => fromMs * Math.exp(ratio * k));
}

function countingWindows(window: TimeWindow, countingMs: number): Bins {
  const bins = binsOf(window, countingMs);
  if (bins.count < 2) {
    throw new AnalysisError(
      `countingMs is ${countingMs}; at least 2 must fit in the window of ${window.stopMs - window.startMs} ms`,
    );
  }
  return bins;
}

function fanoOfTrain(timesMs: Float64Array, bins: Bins): number {
  const { mean, variance } = countMoments(timesMs, bins);
  return variance / mean;
}
