/** Cross-correlation histogram of two binned trains (elephant.spike_train_correlation.cross_correlation_histogram). */

import { requireCount } from '../checks.js';
import { AnalysisError } from '../data.js';

/** Lags run from -maxLagBins to +maxLagBins; at a positive lag the second train follows the first. */
export interface CrossCorrelogram {
  /** Lag of the second train against the first in ms (length 2 maxLagBins + 1). */
  readonly lagsMs: Float64Array;
  /** Sum over bins k of first[k] second[k + lag]. */
  readonly counts: Float64Array;
  /** Counts times bins / (bins - |lag|): what they would be if every lag had all bins. */
  readonly borderCorrected: Float64Array;
  /**
   * (counts - n1 n2 / bins) / sqrt((sum c1^2 - n1^2/bins)(sum c2^2 - n2^2/bins)): Pearson's r at lag 0
   * (Elephant's cross_correlation_coefficient). NaN throughout where one train's counts are constant.
   */
  readonly coefficients: Float64Array;
}

/**
 * @param first, second spikes per bin, same bins
 * @param maxLagBins 0 .. bins - 1
 */
export function crossCorrelogram(
  first: Float64Array,
  second: Float64Array,
  binMs: number,
  maxLagBins: number,
): CrossCorrelogram {
  const bins = first.length;
  requireCount('maxLagBins', maxLagBins, 0);
  if (second.length !== bins) throw new AnalysisError(`the trains have ${bins} and ${second.length} bins`);
  if (maxLagBins >= bins) {
    throw new AnalysisError(`maxLagBins is ${maxLagBins}; it must be below the number of bins, ${bins}`);
  }
  const counts = new Float64Array(2 * maxLagBins + 1);
  for (let k = 0; k < bins; k++) {
    if (first[k] === 0) continue;
    const from = Math.max(-maxLagBins, -k);
    const to = Math.min(maxLagBins, bins - 1 - k);
    for (let lag = from; lag <= to; lag++) counts[lag + maxLagBins] += first[k] * second[k + lag];
  }
  const [n1, squares1] = sums(first);
  const [n2, squares2] = sums(second);
  const expected = (n1 * n2) / bins;
  const scale = Math.sqrt((squares1 - (n1 * n1) / bins) * (squares2 - (n2 * n2) / bins));
  return {
    lagsMs: counts.map((_, k) => (k - maxLagBins) * binMs),
    counts,
    borderCorrected: counts.map((count, k) => (count * bins) / (bins - Math.abs(k - maxLagBins))),
    coefficients: counts.map((count) => (scale > 0 ? (count - expected) / scale : Number.NaN)),
  };
}

function sums(counts: Float64Array): [sum: number, squares: number] {
  let sum = 0;
  let squares = 0;
  for (const count of counts) {
    sum += count;
    squares += count * count;
  }
  return [sum, squares];
}
