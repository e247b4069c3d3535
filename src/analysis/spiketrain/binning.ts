/** Bins of equal width that floating point cannot shift. */

import { requirePositive, requireWindow } from '../checks.js';
import { AnalysisError, type TimeWindow } from '../data.js';

/**
 * A time this close below an edge, in bins, lies on the edge: i/30 ms divided by 1/30 ms is often just below i.
 * Elephant's conversion.BinnedSpikeTrain uses the same tolerance.
 */
const EDGE_TOLERANCE_BINS = 1e-8;

/** Whole bins from `startMs`; a rest of the window that fills no bin is not covered. */
export interface Bins {
  readonly startMs: number;
  readonly binMs: number;
  readonly count: number;
}

/**
 * The whole bins of width `binMs` in the window.
 *
 * @throws AnalysisError if the width is not above 0 or longer than the window
 */
export function binsOf(window: TimeWindow, binMs: number): Bins {
  requireWindow(window);
  requirePositive('binMs', binMs);
  const bins = { startMs: window.startMs, binMs, count: 0 };
  const count = binIndex(window.stopMs, bins);
  if (count < 1) {
    throw new AnalysisError(
      `binMs is ${binMs}; the window is only ${window.stopMs - window.startMs} ms long`,
    );
  }
  return { ...bins, count };
}

/** Index of the bin that holds the time; below 0 or at least `bins.count` outside. */
export function binIndex(timeMs: number, bins: Bins): number {
  return Math.floor((timeMs - bins.startMs) / bins.binMs + EDGE_TOLERANCE_BINS);
}

/**
 * Adds the number of spikes in each bin to `counts` (length `bins.count`).
 *
 * @param timesMs ascending
 */
export function addCounts(counts: Float64Array, timesMs: Float64Array, bins: Bins): void {
  for (let k = 0; k < timesMs.length; k++) {
    const bin = binIndex(timesMs[k], bins);
    if (bin >= 0 && bin < bins.count) counts[bin]++;
  }
}

/** Adds 1 to each bin of `counts` that holds at least one spike of the ascending `timesMs`. */
export function addOccupied(counts: Float64Array, timesMs: Float64Array, bins: Bins): void {
  let previous = -1;
  for (let k = 0; k < timesMs.length; k++) {
    const bin = binIndex(timesMs[k], bins);
    if (bin > previous && bin < bins.count) {
      counts[bin]++;
      previous = bin;
    }
  }
}

/** Mean and variance (ddof 0) over the bins of the counts of ascending times, without an array of counts. */
export function countMoments(timesMs: Float64Array, bins: Bins): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  let bin = -1;
  let count = 0;
  for (let k = 0; k < timesMs.length; k++) {
    const spikeBin = binIndex(timesMs[k], bins);
    if (spikeBin < 0) continue;
    if (spikeBin >= bins.count) break;
    // The count of a bin is complete when the next spike lies in another.
    if (spikeBin !== bin) {
      squares += count * count;
      bin = spikeBin;
      count = 0;
    }
    count++;
    sum++;
  }
  const mean = sum / bins.count;
  return { mean, variance: (squares + count * count) / bins.count - mean * mean };
}
