/** A train with the interval before its first and after its last spike, as ISI and SPIKE distance need it. */

import { requireAscending, requireWindow } from '../checks.js';
import { AnalysisError, type TimeWindow } from '../data.js';

/** At least two times: a train of fewer spikes gets one at each end of the window (PySpike, get_spikes_non_empty). */
export interface EdgeCorrectedTrain {
  readonly times: Float64Array;
  readonly window: TimeWindow;
}

/**
 * @param timesMs ascending, within [startMs, stopMs]
 * @throws AnalysisError on times that do not ascend or lie outside
 */
export function edgeCorrected(timesMs: Float64Array, window: TimeWindow): EdgeCorrectedTrain {
  requireWindow(window);
  requireAscending('timesMs', timesMs);
  const { startMs, stopMs } = window;
  if (timesMs.length > 0 && !(timesMs[0] >= startMs && timesMs[timesMs.length - 1] <= stopMs)) {
    throw new AnalysisError(`timesMs reach outside the window [${startMs}, ${stopMs}] ms`);
  }
  if (timesMs.length >= 2) return { times: timesMs, window };
  return { times: Float64Array.from(new Set([startMs, ...timesMs, stopMs])), window };
}

/**
 * Length of the interval after spike k; k = -1 is the one before the first spike. Those at the ends are at least as
 * long as their neighbour: how long they really are cannot be seen (Eero Satuvuori's correction in SPIKY and PySpike).
 */
export function intervalAfter({ times, window }: EdgeCorrectedTrain, k: number): number {
  const last = times.length - 1;
  if (k < 0) return Math.max(times[0] - window.startMs, times[1] - times[0]);
  if (k === last) return Math.max(window.stopMs - times[last], times[last] - times[last - 1]);
  return times[k + 1] - times[k];
}

/**
 * Mean over the window of a profile of two trains.
 *
 * @param meanBetween the profile's mean from `fromMs` to `toMs`, between which neither train has a spike; the last
 *   spikes before are `i` of `a` and `j` of `b` (-1 where there is none)
 */
export function profileMean(
  a: EdgeCorrectedTrain,
  b: EdgeCorrectedTrain,
  meanBetween: (i: number, j: number, fromMs: number, toMs: number) => number,
): number {
  const { startMs, stopMs } = a.window;
  let i = a.times[0] <= startMs ? 0 : -1;
  let j = b.times[0] <= startMs ? 0 : -1;
  let integral = 0;
  let from = startMs;
  while (from < stopMs) {
    const nextA = i + 1 < a.times.length ? a.times[i + 1] : stopMs;
    const nextB = j + 1 < b.times.length ? b.times[j + 1] : stopMs;
    const to = Math.min(nextA, nextB, stopMs);
    if (to > from) integral += meanBetween(i, j, from, to) * (to - from);
    if (nextA === to) i++;
    if (nextB === to) j++;
    from = to;
  }
  return integral / (stopMs - startMs);
}
