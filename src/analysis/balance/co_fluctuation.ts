/**
 * Whether excitation and inhibition rise and fall together, with which lag, and how fast the changes are that they
 * follow.
 */

import { constantReason, requireAligned, requireSignal } from '../checks.js';
import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import { pearson } from '../spiketrain/correlation.js';
import { gaussianSmoothed } from '../spiketrain/smoothing.js';

/** Correlation of |I_E|(t) with |I_I|(t + lag). */
export interface LaggedCorrelation {
  readonly lagsMs: Float64Array;
  /** Pearson's r of the samples that overlap at each lag, -1 .. 1. */
  readonly correlations: Float64Array;
  /** At lag 0. */
  readonly zeroLag: number;
  /** Largest correlation and its lag, refined by a parabola through the peak and its neighbours. */
  readonly peak: number;
  /** Positive where inhibition follows excitation (Okun and Lampl 2008). */
  readonly peakLagMs: number;
}

/**
 * Correlation of excitation and inhibition against the lag.
 *
 * @param excitatory, inhibitory magnitudes of current or conductance; same sample times
 * @param maxLagMs at least one sample, less than half the signal
 * @returns null if one of them is constant, or if the correlation still rises at the largest lag
 */
export function laggedCorrelation(
  excitatory: SampledSignal,
  inhibitory: SampledSignal,
  maxLagMs: number,
): Estimate<LaggedCorrelation> {
  const reason = requireInputs(excitatory, inhibitory);
  if (reason !== null) return { value: null, reason };
  const sampleMs = 1000 / excitatory.sampleRateHz;
  const reach = Math.floor(maxLagMs / sampleMs + 1e-9);
  const samples = excitatory.values.length;
  if (!(reach >= 1 && reach < samples / 2)) {
    throw new AnalysisError(
      `maxLagMs is ${maxLagMs}; it must be at least a sample, ${sampleMs} ms, and below half the signal of ${samples * sampleMs} ms`,
    );
  }
  const correlations = new Float64Array(2 * reach + 1);
  for (let k = 0; k <= 2 * reach; k++) {
    const lag = k - reach;
    const e = excitatory.values.subarray(Math.max(0, -lag), samples - Math.max(0, lag));
    const i = inhibitory.values.subarray(Math.max(0, lag), samples - Math.max(0, -lag));
    correlations[k] = pearson(e, i).value ?? Number.NaN;
  }
  const best = correlations.indexOf(Math.max(...correlations));
  if (best <= 0 || best === 2 * reach) {
    return { value: null, reason: `the correlation has no peak within ${maxLagMs} ms` };
  }
  const [left, middle, right] = correlations.subarray(best - 1, best + 2);
  const shift = (left - right) / (2 * (left - 2 * middle + right)) || 0;
  return {
    value: {
      lagsMs: correlations.map((_, k) => (k - reach) * sampleMs),
      correlations,
      zeroLag: correlations[reach],
      peak: middle - ((left - right) * shift) / 4,
      peakLagMs: (best - reach + shift) * sampleMs,
    },
  };
}

/** How tightly inhibition follows excitation (Deneve and Machens 2016). */
export interface BalanceTightness {
  /** Correlation of what is slower than the time scale. */
  readonly slow: number;
  /** Correlation of what is faster. */
  readonly fast: number;
  /**
   * `tight`: also fast changes are followed; `loose`: slow ones only; `none`: neither. From r = 0.5 on, where one
   * explains a quarter of the other's variance: a convention, read the numbers.
   */
  readonly label: 'tight' | 'loose' | 'none';
}

const FOLLOWED_CORRELATION = 0.5;

/**
 * Splits both signals with a Gaussian of standard deviation `timescaleMs` into a slow part and the rest.
 *
 * @param lagMs inhibition is read this much later, for instance `peakLagMs`; rounded to samples
 * @returns null if a part of either is constant
 */
export function balanceTightness(
  excitatory: SampledSignal,
  inhibitory: SampledSignal,
  timescaleMs: number,
  lagMs = 0,
): Estimate<BalanceTightness> {
  const reason = requireInputs(excitatory, inhibitory);
  if (reason !== null) return { value: null, reason };
  const samples = excitatory.values.length;
  const lag = Math.round((lagMs * excitatory.sampleRateHz) / 1000);
  if (!(Math.abs(lag) < samples / 2)) {
    throw new AnalysisError(`lagMs is ${lagMs}; it must be less than half the signal`);
  }
  const [slowE, fastE] = split(excitatory, timescaleMs);
  const [slowI, fastI] = split(inhibitory, timescaleMs);
  const follow = (e: Float64Array, i: Float64Array) =>
    pearson(
      e.subarray(Math.max(0, -lag), samples - Math.max(0, lag)),
      i.subarray(Math.max(0, lag), samples - Math.max(0, -lag)),
    );
  const slow = follow(slowE, slowI);
  const fast = follow(fastE, fastI);
  if (slow.value === null) return slow;
  if (fast.value === null) return fast;
  const slowLabel = slow.value >= FOLLOWED_CORRELATION ? 'loose' : 'none';
  return {
    value: {
      slow: slow.value,
      fast: fast.value,
      label: fast.value >= FOLLOWED_CORRELATION ? 'tight' : slowLabel,
    },
  };
}

function split(signal: SampledSignal, timescaleMs: number): [slow: Float64Array, fast: Float64Array] {
  const slow = gaussianSmoothed(signal, timescaleMs).values;
  return [slow, signal.values.map((value, k) => value - slow[k])];
}

/** Throws on invalid signals; for constant ones, gives the reason why nothing can be computed. */
function requireInputs(excitatory: SampledSignal, inhibitory: SampledSignal): string | null {
  requireSignal('excitatory', excitatory);
  requireSignal('inhibitory', inhibitory);
  requireAligned(excitatory, inhibitory);
  const constant =
    constantReason('excitation', excitatory.values) ?? constantReason('inhibition', inhibitory.values);
  return constant === null ? null : constant.replace(/:.*/, ': it follows nothing');
}
