import { requireFinite } from '../checks.js';
import { AnalysisError, type Estimate } from '../data.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';
import { mean } from '../statistics.js';
import {
  type AperiodicMode,
  type AperiodicParameters,
  aperiodicLogPower,
  fitAperiodic,
} from './aperiodic.js';
import { fitGaussians, type GaussianPeak, sumOfGaussians } from './gaussians.js';
import { searchPeaks } from './peak_search.js';

/** Settings and defaults of fooof 1.1.1. */
export interface SpecparamOptions {
  /** Default `fixed`. */
  readonly mode?: AperiodicMode;
  /** Bins that are fitted, both ends included; default all above 0 Hz. */
  readonly rangeHz?: readonly [number, number];
  /** Smallest and largest bandwidth of a peak (2 sd), default 0.5 to 12; the first should exceed 1.5 bins. */
  readonly peakWidthLimitsHz?: readonly [number, number];
  /** Default no limit. */
  readonly maxPeaks?: number;
  /** log10 power over the aperiodic component, default 0. */
  readonly minPeakHeight?: number;
  /** In standard deviations of the flattened spectrum, default 2. */
  readonly peakThreshold?: number;
}

/** An oscillation as specparam reports it. */
export interface OscillationPeak {
  /** Centre frequency. */
  readonly hz: number;
  /** log10 power of the whole model over the aperiodic component at the bin nearest the centre. */
  readonly power: number;
  /** 2 sd of the Gaussian. */
  readonly bandwidthHz: number;
}

/** A power spectrum as a sum of peaks over an aperiodic component, all in log10 power. */
export interface SpecparamFit {
  readonly mode: AperiodicMode;
  readonly aperiodic: AperiodicParameters;
  /** By ascending frequency. */
  readonly peaks: readonly OscillationPeak[];
  readonly gaussians: readonly GaussianPeak[];
  /** The bins that were fitted and, for each, log10 of data, aperiodic component and whole model. */
  readonly frequenciesHz: Float64Array;
  readonly logPower: Float64Array;
  readonly logAperiodic: Float64Array;
  readonly logModel: Float64Array;
  /** Squared correlation of data and model, and mean absolute difference in log10 power. */
  readonly rSquared: number;
  readonly meanAbsoluteError: number;
}

/** Points of the flattened spectrum at or below this percentile count as free of peaks (fooof `_ap_percentile_thresh`). */
const PEAK_FREE_PERCENTILE = 0.025;

/**
 * Parameterizes a power spectrum into an aperiodic component and Gaussian peaks (Donoghue et al., Nat. Neurosci. 23,
 * 1655, 2020), step by step as fooof 1.1.1: robust aperiodic fit, peak search, joint fit of the peaks, final aperiodic
 * fit. The estimate is biased by construction, also on noise-free spectra (exponent 1.03 for 1.00 in fooof's own case).
 * Null where a bin has no power, too few bins are left, or a fit does not converge.
 * @throws AnalysisError on values that are not finite, uneven frequencies, or settings out of range.
 */
export function fitSpecparam(
  spectrum: Pick<PowerSpectrum, 'frequenciesHz' | 'power'>,
  options: SpecparamOptions = {},
): Estimate<SpecparamFit> {
  const { mode = 'fixed', peakWidthLimitsHz = [0.5, 12] } = options;
  const { maxPeaks = Number.POSITIVE_INFINITY, minPeakHeight = 0, peakThreshold = 2 } = options;
  if (!(peakWidthLimitsHz[0] > 0 && peakWidthLimitsHz[0] < peakWidthLimitsHz[1])) {
    throw new AnalysisError(
      `peakWidthLimitsHz is ${peakWidthLimitsHz.join(' to ')}; allowed: 0 < first < second`,
    );
  }
  const { frequenciesHz, power } = binsInRange(spectrum, options.rangeHz);
  const weak = power.findIndex((p) => p <= 0);
  if (weak >= 0)
    return { value: null, reason: `the bin at ${frequenciesHz[weak]} Hz has no power, so no logarithm` };
  const logPower = power.map(Math.log10);

  const start = startOf(frequenciesHz, logPower, logPower);
  const robust = fitRobustly(frequenciesHz, logPower, mode, start);
  if (robust.value === null) return robust;
  const flattened = subtract(logPower, aperiodicLogPower(frequenciesHz, robust.value));
  if (flattened.some(Number.isNaN)) {
    return {
      value: null,
      reason: 'the first aperiodic fit has no logarithm at some bins: its knee is too negative',
    };
  }
  const sdLimitsHz = [peakWidthLimitsHz[0] / 2, peakWidthLimitsHz[1] / 2] as const;
  const guesses = searchPeaks(frequenciesHz, flattened, {
    sdLimitsHz,
    maxPeaks,
    minPeakHeight,
    peakThreshold,
  });
  const fitted = fitGaussians(frequenciesHz, flattened, guesses, sdLimitsHz);
  if (fitted.value === null) return fitted;
  const logPeaks = sumOfGaussians(frequenciesHz, fitted.value);
  const peakFree = subtract(logPower, logPeaks);
  const final = fitAperiodic(frequenciesHz, peakFree, mode, startOf(frequenciesHz, peakFree, logPower));
  if (final.value === null) return final;

  const logAperiodic = aperiodicLogPower(frequenciesHz, final.value);
  const logModel = logAperiodic.map((a, i) => a + logPeaks[i]);
  const peaks = fitted.value.map(({ hz, sdHz }) => {
    return { hz, power: logPeaks[nearestIndex(frequenciesHz, hz)], bandwidthHz: 2 * sdHz };
  });
  const meanAbsoluteError =
    subtract(logPower, logModel).reduce((sum, d) => sum + Math.abs(d), 0) / logPower.length;
  const about = { mode, aperiodic: final.value, peaks, gaussians: fitted.value, frequenciesHz };
  const rSquared = squaredCorrelation(logPower, logModel);
  return { value: { ...about, logPower, logAperiodic, logModel, rSquared, meanAbsoluteError } };
}

function binsInRange(
  { frequenciesHz, power }: Pick<PowerSpectrum, 'frequenciesHz' | 'power'>,
  rangeHz: readonly [number, number] = [0, Number.POSITIVE_INFINITY],
) {
  requireFinite('power', power);
  const resolution = frequenciesHz[1] - frequenciesHz[0];
  for (let k = 1; k < frequenciesHz.length; k++) {
    if (!(Math.abs(frequenciesHz[k] - frequenciesHz[k - 1] - resolution) <= 1e-5 * resolution)) {
      throw new AnalysisError(
        `frequenciesHz[${k}] is ${frequenciesHz[k]}; allowed: even steps of ${resolution} Hz`,
      );
    }
  }
  const isInRange = (f: number) => f > 0 && f >= rangeHz[0] && f <= rangeHz[1];
  const bins = [...frequenciesHz.keys()].filter((k) => isInRange(frequenciesHz[k]));
  return {
    frequenciesHz: Float64Array.from(bins, (k) => frequenciesHz[k]),
    power: Float64Array.from(bins, (k) => power[k]),
  };
}

/** Offset from the first bin, exponent from the slope between the first and last bin of the data, no knee. */
function startOf(frequenciesHz: Float64Array, fitted: Float64Array, data: Float64Array): AperiodicParameters {
  const last = data.length - 1;
  const slope = (data[last] - data[0]) / Math.log10(frequenciesHz[last] / frequenciesHz[0]);
  return { offset: fitted[0], knee: 0, exponent: Math.abs(slope) };
}

/** Aperiodic fit to the points that a first fit leaves at or below itself, so that peaks do not pull it up. */
function fitRobustly(
  frequenciesHz: Float64Array,
  logPower: Float64Array,
  mode: AperiodicMode,
  start: AperiodicParameters,
): Estimate<AperiodicParameters> {
  const first = fitAperiodic(frequenciesHz, logPower, mode, start);
  if (first.value === null) return first;
  const above = subtract(logPower, aperiodicLogPower(frequenciesHz, first.value)).map((d) => Math.max(d, 0));
  const limit = percentile(above, PEAK_FREE_PERCENTILE);
  const isPeakFree = (_: number, i: number) => above[i] <= limit;
  return fitAperiodic(frequenciesHz.filter(isPeakFree), logPower.filter(isPeakFree), mode, first.value);
}

/** Percentile by linear interpolation, numpy's default. */
function percentile(values: Float64Array, percent: number): number {
  const sorted = values.slice().sort();
  const position = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}

function nearestIndex(values: Float64Array, wanted: number): number {
  let nearest = 0;
  values.forEach((value, i) => {
    if (Math.abs(value - wanted) < Math.abs(values[nearest] - wanted)) nearest = i;
  });
  return nearest;
}

function squaredCorrelation(x: Float64Array, y: Float64Array): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  x.forEach((value, i) => {
    xx += (value - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (value - meanX) * (y[i] - meanY);
  });
  return (xy * xy) / (xx * yy);
}
