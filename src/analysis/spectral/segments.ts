import { requireCount, requireSignal } from '../checks.js';
import { AnalysisError, type SampledSignal } from '../data.js';
import { type Detrend, detrendInPlace } from './detrend.js';
import { binCount, fftPlan } from './fft.js';
import { dataWindow, type WindowName, type WindowSymmetry } from './windows.js';

/** How a signal is cut and weighted before its transforms; names and defaults as in scipy.signal.welch. */
export interface SegmentOptions {
  /** Samples per segment (scipy `nperseg`); default 1 s of samples. */
  readonly segmentSamples?: number;
  /** Samples shared by neighbours (scipy `noverlap`); default half a segment, rounded down. */
  readonly overlapSamples?: number;
  /** A window by name (default `hann`) or its `segmentSamples` values. */
  readonly window?: WindowName | Float64Array;
  /** Of a named window; default `periodic`. */
  readonly windowSymmetry?: WindowSymmetry;
  /** Default `constant`. */
  readonly detrend?: Detrend;
}

/** Segments as settled for one signal. */
export interface Segmentation {
  readonly segmentSamples: number;
  readonly stepSamples: number;
  readonly segments: number;
  readonly window: Float64Array;
  readonly detrend: Detrend;
}

/** Settles the options for `signal`; a tail shorter than a step is left out, as in scipy. */
export function segmentation(signal: SampledSignal, options: SegmentOptions): Segmentation {
  requireSignal('signal', signal);
  const samples = signal.values.length;
  const segmentSamples = options.segmentSamples ?? Math.round(signal.sampleRateHz);
  if (segmentSamples > samples) {
    throw new AnalysisError(
      `segmentSamples is ${segmentSamples}; allowed: at most the signal's ${samples} samples`,
    );
  }
  requireCount('segmentSamples', segmentSamples, 2, samples);
  const overlapSamples = options.overlapSamples ?? Math.floor(segmentSamples / 2);
  requireCount('overlapSamples', overlapSamples, 0, segmentSamples - 1);
  const { window = 'hann', windowSymmetry = 'periodic', detrend = 'constant' } = options;
  const weights = typeof window === 'string' ? dataWindow(window, segmentSamples, windowSymmetry) : window;
  if (weights.length !== segmentSamples) {
    throw new AnalysisError(
      `window has ${weights.length} values; allowed: segmentSamples, ${segmentSamples}`,
    );
  }
  const stepSamples = segmentSamples - overlapSamples;
  const segments = Math.floor((samples - overlapSamples) / stepSamples);
  return { segmentSamples, stepSamples, segments, window: weights, detrend };
}

/**
 * Half spectra of all detrended, windowed segments: interleaved complex bins, one row of
 * 2 (floor(segmentSamples/2) + 1) values per segment.
 */
export function segmentSpectra(values: Float64Array, cut: Segmentation): Float64Array {
  const plan = fftPlan(cut.segmentSamples);
  const segment = new Float64Array(cut.segmentSamples);
  const rowLength = 2 * binCount(cut.segmentSamples);
  const spectra = new Float64Array(cut.segments * rowLength);
  for (let row = 0; row < cut.segments; row++) {
    const from = row * cut.stepSamples;
    segment.set(values.subarray(from, from + cut.segmentSamples));
    detrendInPlace(segment, cut.detrend);
    for (let i = 0; i < segment.length; i++) segment[i] *= cut.window[i];
    plan.forwardReal(segment, spectra.subarray(row * rowLength, (row + 1) * rowLength));
  }
  return spectra;
}

/**
 * Equivalent number of independent segments of the overlapping ones: L / (1 + 2 sum (1 - k/L) r_k^2), with r_k the
 * correlation of the window with itself k steps on (P. Welch, IEEE Trans. Audio Electroacoust. 15, 70, 1967).
 */
export function effectiveSegments({ window, stepSamples, segments }: Segmentation): number {
  const energy = window.reduce((sum, w) => sum + w * w, 0);
  let inflation = 1;
  for (let k = 1; k < segments && k * stepSamples < window.length; k++) {
    let overlap = 0;
    for (let i = k * stepSamples; i < window.length; i++) overlap += window[i] * window[i - k * stepSamples];
    inflation += 2 * (1 - k / segments) * (overlap / energy) ** 2;
  }
  return segments / inflation;
}
