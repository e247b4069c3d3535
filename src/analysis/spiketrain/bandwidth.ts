/** Kernel bandwidths that the data choose: one for the whole signal, or one for each instant. */

import { requireNonNegative, requirePositive } from '../checks.js';
import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import { gaussianSmoothed, KERNEL_CUTOFF_SD } from './smoothing.js';

const SCAN_STEPS = 60;
/** Golden-section steps: each cuts the bracket of ln(sigma) by 0.618, so that sigma is known to 1 in 10^6. */
const REFINE_STEPS = 30;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Standard deviation in ms of the Gaussian kernel that minimises the expected squared error of the smoothed rate
 * (Shimazaki and Shinomoto 2010, fixed bandwidth; elephant.statistics.optimal_kernel_bandwidth): the minimum over
 * sigma of  sum over all pairs of spikes of N(t_i - t_j; sqrt(2) sigma)  -  2 sum over i /= j of N(t_i - t_j; sigma).
 *
 * @param counts spikes per bin; a bin is the finest time that counts
 * @param fromMs, toMs bandwidths searched, at least one bin and at most the signal
 * @returns null with fewer than 2 spikes, or if the cost falls up to an end of the range: no bandwidth in it is best
 */
export function optimalBandwidthMs(
  counts: Float64Array,
  binMs: number,
  fromMs: number,
  toMs: number,
): Estimate<number> {
  requirePositive('binMs', binMs);
  requirePositive('fromMs', fromMs);
  if (!(fromMs >= binMs && fromMs < toMs && toMs <= counts.length * binMs)) {
    throw new AnalysisError(
      `bandwidths from ${fromMs} to ${toMs} ms; they must be between one bin and the whole signal, ${binMs} .. ${counts.length * binMs} ms`,
    );
  }
  let spikes = 0;
  for (let k = 0; k < counts.length; k++) {
    requireNonNegative(`counts[${k}]`, counts[k]);
    spikes += counts[k];
  }
  if (spikes < 2) return { value: null, reason: `${spikes} spikes: a bandwidth needs at least 2` };

  const lags = Math.min(counts.length, Math.ceil((KERNEL_CUTOFF_SD * Math.SQRT2 * toMs) / binMs) + 1);
  const pairs = pairsByLag(counts, lags);
  const cost = (logSigma: number) => smoothingCost(pairs, spikes, binMs, Math.exp(logSigma));

  const step = Math.log(toMs / fromMs) / SCAN_STEPS;
  const scan = Array.from({ length: SCAN_STEPS + 1 }, (_, k) => cost(Math.log(fromMs) + k * step));
  const best = scan.indexOf(Math.min(...scan));
  if (best === 0 || best === SCAN_STEPS) {
    const end = best === 0 ? fromMs : toMs;
    return { value: null, reason: `the cost is least at ${end} ms, an end of the range that was searched` };
  }
  let low = Math.log(fromMs) + (best - 1) * step;
  let high = low + 2 * step;
  for (let k = 0; k < REFINE_STEPS; k++) {
    const inner = high - GOLDEN * (high - low);
    const outer = low + GOLDEN * (high - low);
    if (cost(inner) < cost(outer)) high = outer;
    else low = inner;
  }
  return { value: Math.exp((low + high) / 2) };
}

/**
 * Rate smoothed with a kernel that is narrow where the rate is high: around each spike sigma is
 * `pilotSigmaMs` sqrt(g / pilot rate), g being the geometric mean of the pilot rate over the spikes
 * (sample-point estimator, Abramson 1982; Silverman 1986, section 5.3). The integral is that of the input, since every
 * kernel is scaled to the part of it inside the signal.
 *
 * @param rate as `populationRate` gives it
 * @param pilotSigmaMs for instance {@link optimalBandwidthMs}
 */
export function adaptivelySmoothedRate(rate: SampledSignal, pilotSigmaMs: number): SampledSignal {
  const pilot = gaussianSmoothed(rate, pilotSigmaMs).values;
  const { values } = rate;
  const binMs = 1000 / rate.sampleRateHz;
  let logSum = 0;
  let weight = 0;
  for (let k = 0; k < values.length; k++) {
    if (values[k] === 0) continue;
    logSum += values[k] * Math.log(pilot[k]);
    weight += values[k];
  }
  const geometricMean = Math.exp(logSum / weight);
  const smooth = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    if (values[k] === 0) continue;
    const sigmaBins = (pilotSigmaMs * Math.sqrt(geometricMean / pilot[k])) / binMs;
    spread(smooth, k, values[k], sigmaBins);
  }
  return { ...rate, values: smooth };
}

/** Adds a Gaussian of the given sum around bin `center`. */
function spread(into: Float64Array, center: number, sum: number, sigmaBins: number): void {
  const reach = Math.ceil(KERNEL_CUTOFF_SD * sigmaBins);
  const from = Math.max(0, center - reach);
  const to = Math.min(into.length - 1, center + reach);
  const height = (k: number) => Math.exp(-0.5 * ((k - center) / sigmaBins) ** 2);
  let mass = 0;
  for (let k = from; k <= to; k++) mass += height(k);
  for (let k = from; k <= to; k++) into[k] += (sum * height(k)) / mass;
}

/** Ordered pairs of different spikes that lie 0, 1, 2 .. bins apart; beyond 0 each order counts. */
function pairsByLag(counts: Float64Array, lags: number): Float64Array {
  const pairs = new Float64Array(lags);
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    pairs[0] += counts[k] * (counts[k] - 1);
    const reach = Math.min(lags, counts.length - k);
    for (let lag = 1; lag < reach; lag++) pairs[lag] += 2 * counts[k] * counts[k + lag];
  }
  return pairs;
}

function smoothingCost(pairs: Float64Array, spikes: number, binMs: number, sigmaMs: number): number {
  const wide = Math.SQRT2 * sigmaMs;
  const density = (lagMs: number, sd: number) =>
    Math.exp(-0.5 * (lagMs / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
  let cost = spikes * density(0, wide);
  const reach = Math.min(pairs.length, Math.ceil((KERNEL_CUTOFF_SD * wide) / binMs) + 1);
  for (let lag = 0; lag < reach; lag++) {
    if (pairs[lag] === 0) continue;
    cost += pairs[lag] * (density(lag * binMs, wide) - 2 * density(lag * binMs, sigmaMs));
  }
  return cost;
}
