/** Covariance and Pearson correlation of binned spike counts (elephant.spike_train_correlation). */

import { AnalysisError, type Estimate, type SpikeTrains } from '../data.js';
import { addCounts, addOccupied, type Bins } from './binning.js';
import { requireNeurons, requireSpikeTrains, spikesOf } from './trains.js';

/** What a bin holds: the number of spikes, or 1 where there is at least one (Elephant's `binary`). */
export type Counting = 'spikes' | 'occupied';

/** Spikes per bin of one train, ascending times in ms (length `bins.count`). */
export function binnedCounts(timesMs: Float64Array, bins: Bins, counting: Counting = 'spikes'): Float64Array {
  const counts = new Float64Array(bins.count);
  (counting === 'spikes' ? addCounts : addOccupied)(counts, timesMs, bins);
  return counts;
}

/** Covariance of two series of equal length (at least 2), ddof 1 as numpy.cov. */
export function covariance(x: Float64Array, y: Float64Array): number {
  requireEqualLength(x, y);
  return centeredProduct(x, y) / (x.length - 1);
}

/** Pearson correlation of two series of equal length (at least 2), -1 .. 1; null where one is constant. */
export function pearson(x: Float64Array, y: Float64Array): Estimate<number> {
  requireEqualLength(x, y);
  const xx = centeredProduct(x, x);
  const yy = centeredProduct(y, y);
  if (xx === 0 || yy === 0) return { value: null, reason: 'one of the two series is constant' };
  return { value: centeredProduct(x, y) / Math.sqrt(xx * yy) };
}

/** Correlations of every neuron with every other: n x n, row-major, symmetric, in the order of `neurons`. */
export interface CorrelationMatrix {
  readonly neurons: Uint32Array;
  /** Counts squared, ddof 1. */
  readonly covariance: Float64Array;
  /** NaN in the rows and columns of neurons whose counts are constant (silent ones): the only undefined case. */
  readonly pearson: Float64Array;
}

/** Costs n bins of memory and n^2/2 bins of time: meant for a few hundred neurons; else sample pairs. */
export function correlationMatrix(
  trains: SpikeTrains,
  neurons: Uint32Array,
  bins: Bins,
  counting: Counting = 'spikes',
): CorrelationMatrix {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  const n = neurons.length;
  const window = { startMs: bins.startMs, stopMs: bins.startMs + bins.count * bins.binMs };
  const counts = Array.from(neurons, (neuron) =>
    binnedCounts(spikesOf(trains, neuron, window), bins, counting),
  );
  const covariances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      covariances[i * n + j] = covariance(counts[i], counts[j]);
      covariances[j * n + i] = covariances[i * n + j];
    }
  }
  const correlations = covariances.map((value, k) => {
    const i = Math.floor(k / n);
    const j = k % n;
    return value / Math.sqrt(covariances[i * n + i] * covariances[j * n + j]);
  });
  return { neurons, covariance: covariances, pearson: correlations };
}

function requireEqualLength(x: Float64Array, y: Float64Array): void {
  if (x.length !== y.length || x.length < 2) {
    throw new AnalysisError(
      `the series have ${x.length} and ${y.length} values; they need the same number, at least 2`,
    );
  }
}

/** Sum of (x - mean x)(y - mean y); a series that is not finite is refused, since it would spoil every sum. */
function centeredProduct(x: Float64Array, y: Float64Array): number {
  let meanX = 0;
  let meanY = 0;
  for (let k = 0; k < x.length; k++) {
    meanX += x[k];
    meanY += y[k];
  }
  meanX /= x.length;
  meanY /= y.length;
  if (!Number.isFinite(meanX + meanY)) throw new AnalysisError('a series holds a value that is not finite');
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k] - meanX) * (y[k] - meanY);
  return sum;
}
