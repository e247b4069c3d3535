import { requireAscending, requirePositive } from '../checks.js';

/**
 * Van Rossum distance (2001): L2 distance of the trains after convolution with exp(-t/tau), scaled so that one spike
 * more is 1: sqrt(n + m) for tau -> 0 and |n - m| for tau -> infinity
 * (elephant.spike_train_dissimilarity.van_rossum_distance). Linear in the spikes (Houghton and Kreuz 2012).
 *
 * @param a, b spike times in ms, ascending
 */
export function vanRossumDistance(a: Float64Array, b: Float64Array, tauMs: number): number {
  requirePositive('tauMs', tauMs);
  requireAscending('a', a);
  requireAscending('b', b);
  const own = kernelSum(a, a, tauMs) + kernelSum(b, b, tauMs);
  // The difference of equal sums may be a rounding error below 0.
  return Math.sqrt(Math.max(0, own - 2 * kernelSum(a, b, tauMs)));
}

/** Sum over all i, j of exp(-|a_i - b_j| / tau). */
function kernelSum(a: Float64Array, b: Float64Array, tauMs: number): number {
  return pastSum(a, b, tauMs, true) + pastSum(b, a, tauMs, false);
}

/** Sum over the spikes of `at` of exp(-(t - s)/tau) over the earlier (and, if asked, simultaneous) spikes s of `past`. */
function pastSum(at: Float64Array, past: Float64Array, tauMs: number, simultaneous: boolean): number {
  let sum = 0;
  let trace = 0;
  let traceMs = 0;
  let next = 0;
  for (const time of at) {
    while (next < past.length && (past[next] < time || (simultaneous && past[next] === time))) {
      trace = trace * Math.exp((traceMs - past[next]) / tauMs) + 1;
      traceMs = past[next++];
    }
    sum += trace * Math.exp((traceMs - time) / tauMs);
  }
  return sum;
}
