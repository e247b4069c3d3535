import type { TimeWindow } from '../data.js';
import {
  type EdgeCorrectedTrain,
  edgeCorrected,
  intervalAfter,
  profileMean,
} from './edge_corrected_train.js';

/**
 * SPIKE distance (Kreuz et al. 2013): mean over time of (s1 x2 + s2 x1) / (2 <x>^2), with x the trains' current
 * intervals and s the distance from the surrounding spikes to the nearest one of the other train; 0 (identical)
 * .. 1. Parity with pyspike.spike_distance, its correction at the edges included.
 *
 * @param a, b spike times in ms, ascending, within the window; may be empty
 */
export function spikeDistance(a: Float64Array, b: Float64Array, window: TimeWindow): number {
  const first = edgeCorrected(a, window);
  const second = edgeCorrected(b, window);
  const firstGaps = gapsToNearest(first, second);
  const secondGaps = gapsToNearest(second, first);
  return profileMean(first, second, (i, j, from, to) => {
    const x = intervalAfter(first, i);
    const y = intervalAfter(second, j);
    // Both gaps change linearly in between, so the mean lies half way.
    const middle = (from + to) / 2;
    const gapX = gapAt(first.times, firstGaps, i, middle);
    const gapY = gapAt(second.times, secondGaps, j, middle);
    return (2 * (gapX * y + gapY * x)) / (x + y) ** 2;
  });
}

/** The gap of the train's spikes around `timeMs`, interpolated; that of the outermost spike beyond it. */
function gapAt(times: Float64Array, gaps: Float64Array, previous: number, timeMs: number): number {
  if (previous < 0) return gaps[0];
  if (previous === times.length - 1) return gaps[previous];
  const part = (timeMs - times[previous]) / (times[previous + 1] - times[previous]);
  return gaps[previous] * (1 - part) + gaps[previous + 1] * part;
}

/**
 * Distance from each spike of `train` to the nearest one of `other`, which has a further spike one interval (but at
 * least to the window's end) beyond its first and last.
 */
function gapsToNearest(train: EdgeCorrectedTrain, other: EdgeCorrectedTrain): Float64Array {
  const { times, window } = other;
  const last = times.length - 1;
  const before = Math.min(window.startMs, times[0] - (times[1] - times[0]));
  const after = Math.max(window.stopMs, times[last] + (times[last] - times[last - 1]));
  let next = 0;
  return train.times.map((time) => {
    while (next <= last && times[next] < time) next++;
    const left = next > 0 ? times[next - 1] : before;
    const right = next <= last ? times[next] : after;
    return Math.min(time - left, right - time);
  });
}
