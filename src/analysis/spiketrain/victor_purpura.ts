import { requireAscending, requireNonNegative } from '../checks.js';

/**
 * Victor-Purpura distance (1996): the cheapest way to turn one train into the other, where adding or removing a spike
 * costs 1 and moving it by t costs `costPerMs` t. 0 (identical) .. spikes of both
 * (elephant.spike_train_dissimilarity.victor_purpura_distance). Takes a.length b.length steps.
 *
 * @param a, b spike times in ms, ascending
 * @param costPerMs at 0 only the numbers of spikes count
 */
export function victorPurpuraDistance(a: Float64Array, b: Float64Array, costPerMs: number): number {
  requireNonNegative('costPerMs', costPerMs);
  requireAscending('a', a);
  requireAscending('b', b);
  // cost[j]: from the first spikes of a seen so far to the first j of b.
  let cost = Float64Array.from({ length: b.length + 1 }, (_, j) => j);
  let next = new Float64Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    next[0] = i + 1;
    for (let j = 0; j < b.length; j++) {
      next[j + 1] = Math.min(cost[j + 1] + 1, next[j] + 1, cost[j] + costPerMs * Math.abs(a[i] - b[j]));
    }
    [cost, next] = [next, cost];
  }
  return cost[b.length];
}
