/** Spike time tiling coefficient (Cutts and Eglen 2014): correlation of two trains that their rates do not bias. */

import { requireAscending, requirePositive, requireWindow } from '../checks.js';
import type { Estimate, TimeWindow } from '../data.js';

/**
 * STTC = [(PA - TB)/(1 - PA TB) + (PB - TA)/(1 - PB TA)] / 2, -1 .. 1, where PA is the part of A's spikes within dt of
 * a spike of B, and TA the part of the window within dt of a spike of A; a term 0/0 is 1
 * (elephant.spike_train_correlation.spike_time_tiling_coefficient).
 *
 * @param a, b spike times in ms, ascending, within the window
 * @param dtMs reach of a spike to each side; 5 ms is Elephant's
 * @returns null if a train is empty
 */
export function spikeTimeTiling(
  a: Float64Array,
  b: Float64Array,
  window: TimeWindow,
  dtMs = 5,
): Estimate<number> {
  requireWindow(window);
  requirePositive('dtMs', dtMs);
  requireAscending('a', a);
  requireAscending('b', b);
  if (a.length === 0 || b.length === 0) return { value: null, reason: 'one of the two trains has no spikes' };
  const coveredByA = coveredPart(a, window, dtMs);
  const coveredByB = coveredPart(b, window, dtMs);
  const term = (near: number, covered: number) =>
    near * covered === 1 ? 1 : (near - covered) / (1 - near * covered);
  return {
    value: (term(partNear(a, b, dtMs), coveredByB) + term(partNear(b, a, dtMs), coveredByA)) / 2,
  };
}

/** Part of the window that lies within dtMs of a spike. */
function coveredPart(times: Float64Array, window: TimeWindow, dtMs: number): number {
  let covered = 0;
  let coveredUntil = window.startMs;
  for (const time of times) {
    const from = Math.max(time - dtMs, coveredUntil);
    const until = Math.min(time + dtMs, window.stopMs);
    if (until > from) covered += until - from;
    coveredUntil = Math.max(coveredUntil, until);
  }
  return covered / (window.stopMs - window.startMs);
}

/** Part of the spikes of `times` that have a spike of `others` within dtMs. */
function partNear(times: Float64Array, others: Float64Array, dtMs: number): number {
  let near = 0;
  let next = 0;
  for (const time of times) {
    while (next < others.length && others[next] < time - dtMs) next++;
    if (next < others.length && others[next] <= time + dtMs) near++;
  }
  return near / times.length;
}
