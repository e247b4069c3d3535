/** Pairs of neurons: all of them, or a seeded sample where all are too many; and a measure's mean over them. */

import seedrandom from 'seedrandom';
import { requireCount, requireWindow } from '../checks.js';
import { AnalysisError, type Estimate, type SpikeTrains, type TimeWindow } from '../data.js';
import { requireNeurons, requireSpikeTrains, spikesOf } from './trains.js';

/** Unordered pairs of different neurons; pair k is (first[k], second[k]). */
export interface NeuronPairs {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** How many pairs there are in all; more than `first.length` means that these are a sample. */
  readonly total: number;
}

/**
 * All pairs of the group if there are at most `maxPairs`, else that many drawn without replacement, every pair with
 * equal probability (R. Floyd's algorithm). The same seed gives the same pairs.
 */
export function samplePairs(neurons: Uint32Array, maxPairs: number, seed: string): NeuronPairs {
  requireCount('maxPairs', maxPairs, 1);
  const total = (neurons.length * (neurons.length - 1)) / 2;
  const count = Math.min(total, maxPairs);
  const first = new Uint32Array(count);
  const second = new Uint32Array(count);
  const random = seedrandom(seed);
  const drawn = new Set<number>();
  for (let k = 0; k < count; k++) {
    let pair = k;
    if (count < total) {
      const last = total - count + k;
      pair = Math.floor(random() * (last + 1));
      if (drawn.has(pair)) pair = last;
      drawn.add(pair);
    }
    // Pairs are numbered along the rows of the lower triangle: row i holds i pairs.
    let row = Math.floor((1 + Math.sqrt(1 + 8 * pair)) / 2);
    while ((row * (row - 1)) / 2 > pair) row--;
    while ((row * (row + 1)) / 2 <= pair) row++;
    first[k] = neurons[pair - (row * (row - 1)) / 2];
    second[k] = neurons[row];
  }
  return { first, second, total };
}

/** Distribution of a measure over pairs of neurons. */
export interface PairSummary {
  readonly mean: number;
  /** Over pairs, ddof 0. Pairs share neurons, so sd / sqrt(pairs) is no standard error. */
  readonly sd: number;
  /** Value of each pair, in their order; NaN where the measure is undefined. */
  readonly values: Float64Array;
  /** Pairs that the mean is taken over. */
  readonly pairs: number;
}

/**
 * A measure of two spike trains over many pairs.
 *
 * @param measure takes the two neurons' spike times in ms within the window
 * @returns null if the measure is defined for no pair
 */
export function summarizePairs(
  trains: SpikeTrains,
  pairs: NeuronPairs,
  window: TimeWindow,
  measure: (a: Float64Array, b: Float64Array) => Estimate<number>,
): Estimate<PairSummary> {
  requireSpikeTrains(trains);
  requireWindow(window);
  requireNeurons(trains, pairs.first);
  requireNeurons(trains, pairs.second);
  if (pairs.first.length !== pairs.second.length) {
    throw new AnalysisError(`${pairs.first.length} first but ${pairs.second.length} second neurons of pairs`);
  }
  const values = new Float64Array(pairs.first.length);
  let sum = 0;
  let squares = 0;
  let defined = 0;
  for (let k = 0; k < values.length; k++) {
    const estimate = measure(
      spikesOf(trains, pairs.first[k], window),
      spikesOf(trains, pairs.second[k], window),
    );
    values[k] = estimate.value ?? Number.NaN;
    if (estimate.value === null) continue;
    sum += estimate.value;
    squares += estimate.value * estimate.value;
    defined++;
  }
  if (defined === 0)
    return { value: null, reason: `the measure is defined for none of ${values.length} pairs` };
  const mean = sum / defined;
  return {
    value: { mean, sd: Math.sqrt(Math.max(0, squares / defined - mean * mean)), values, pairs: defined },
  };
}

/**
 * A symmetric measure of every neuron of the group with every other: n x n, row-major, in the order of `neurons`. The
 * diagonal is the measure of a train with itself; NaN where the measure is undefined. Meant for a few hundred neurons.
 */
export function pairMatrix(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  measure: (a: Float64Array, b: Float64Array) => Estimate<number>,
): Float64Array {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  requireWindow(window);
  const n = neurons.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const a = spikesOf(trains, neurons[i], window);
    for (let j = i; j < n; j++) {
      const { value } = measure(a, spikesOf(trains, neurons[j], window));
      matrix[i * n + j] = value ?? Number.NaN;
      matrix[j * n + i] = matrix[i * n + j];
    }
  }
  return matrix;
}
