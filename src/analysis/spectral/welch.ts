import { constantReason, requireAligned, requireSignal } from '../checks.js';
import type { Estimate, SampledSignal } from '../data.js';
import { binCount, binFrequenciesHz } from './fft.js';
import { medianProduct } from './median_product.js';
import {
  effectiveSegments,
  type Segmentation,
  type SegmentOptions,
  segmentation,
  segmentSpectra,
} from './segments.js';
import {
  type Coherence,
  type CrossSpectrum,
  coherenceOf,
  meanProduct,
  type PowerSpectrum,
  powerFactor,
  type SpectralScaling,
  scaleOneSided,
} from './spectrum.js';

export interface WelchOptions extends SegmentOptions {
  /** Default `density`. */
  readonly scaling?: SpectralScaling;
  /** Over segments; `median` is corrected for its bias. Default `mean`. */
  readonly average?: 'mean' | 'median';
}

/**
 * Power spectrum by averaged windowed segments, scipy.signal.welch (Welch 1967).
 * @throws AnalysisError on samples that are not finite or a segment that does not fit the signal.
 */
export function welchPsd(signal: SampledSignal, options: WelchOptions = {}): PowerSpectrum {
  const cut = segmentation(signal, options);
  const spectra = segmentSpectra(signal.values, cut);
  const { real: power, ...about } = crossSpectrum(spectra, spectra, cut, signal.sampleRateHz, options);
  return { frequenciesHz: about.frequenciesHz, power, ...averagesOf(cut), scaling: about.scaling };
}

/**
 * Power spectrum of the whole signal as one segment, scipy.signal.periodogram; the window is a boxcar by default.
 * @throws AnalysisError as `welchPsd`.
 */
export function periodogram(
  signal: SampledSignal,
  options: Omit<WelchOptions, 'segmentSamples' | 'overlapSamples' | 'average'> = {},
): PowerSpectrum {
  return welchPsd(signal, {
    window: 'boxcar',
    ...options,
    segmentSamples: signal.values.length,
    overlapSamples: 0,
  });
}

/**
 * Cross spectrum conj(X) Y by averaged windowed segments, scipy.signal.csd.
 * @throws AnalysisError as `welchPsd`, and where the sample times of x and y differ.
 */
export function welchCsd(x: SampledSignal, y: SampledSignal, options: WelchOptions = {}): CrossSpectrum {
  const [cut, spectraX, spectraY] = pairSpectra(x, y, options);
  return crossSpectrum(spectraX, spectraY, cut, x.sampleRateHz, options);
}

/**
 * Magnitude-squared coherence, |C| and phase by Welch's method, scipy.signal.coherence.
 * Null where a signal is constant, or where there is one segment only (the coherence is then 1 whatever the data).
 * Independent signals give about 1/effectiveAverages.
 * @throws AnalysisError as `welchCsd`.
 */
export function magnitudeSquaredCoherence(
  x: SampledSignal,
  y: SampledSignal,
  options: SegmentOptions = {},
): Estimate<Coherence> {
  const [cut, spectraX, spectraY] = pairSpectra(x, y, options);
  const reason = constantReason('x', x.values) ?? constantReason('y', y.values);
  if (reason) return { value: null, reason };
  if (cut.segments < 2) {
    return {
      value: null,
      reason: 'one segment only: the coherence of a single segment is 1 whatever the data',
    };
  }
  const bins = binCount(cut.segmentSamples);
  const xx = meanProduct(spectraX, spectraX, bins).real;
  const yy = meanProduct(spectraY, spectraY, bins).real;
  const frequenciesHz = binFrequenciesHz(cut.segmentSamples, x.sampleRateHz);
  const coherence = coherenceOf(xx, yy, meanProduct(spectraX, spectraY, bins));
  return { value: { frequenciesHz, ...coherence, ...averagesOf(cut) } };
}

function pairSpectra(
  x: SampledSignal,
  y: SampledSignal,
  options: SegmentOptions,
): [Segmentation, Float64Array, Float64Array] {
  const cut = segmentation(x, options);
  requireSignal('y', y);
  requireAligned(x, y);
  return [cut, segmentSpectra(x.values, cut), segmentSpectra(y.values, cut)];
}

function crossSpectrum(
  spectraX: Float64Array,
  spectraY: Float64Array,
  cut: Segmentation,
  sampleRateHz: number,
  { scaling = 'density', average = 'mean' }: WelchOptions,
): CrossSpectrum {
  const bins = binCount(cut.segmentSamples);
  const { real, imag } = (average === 'mean' ? meanProduct : medianProduct)(spectraX, spectraY, bins);
  const factor = powerFactor(cut.window, sampleRateHz, scaling);
  scaleOneSided(real, factor, cut.segmentSamples);
  scaleOneSided(imag, factor, cut.segmentSamples);
  return {
    frequenciesHz: binFrequenciesHz(cut.segmentSamples, sampleRateHz),
    real,
    imag,
    scaling,
    ...averagesOf(cut),
  };
}

function averagesOf(cut: Segmentation): { averages: number; effectiveAverages: number } {
  return { averages: cut.segments, effectiveAverages: effectiveSegments(cut) };
}
