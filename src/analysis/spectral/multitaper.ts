import {
  constantReason,
  requireAligned,
  requireCount,
  requireProbability,
  requireSignal,
} from '../checks.js';
import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import { type Detrend, detrendInPlace } from './detrend.js';
import { slepianTapers } from './dpss.js';
import { binCount, binFrequenciesHz, fftPlan } from './fft.js';
import { type Interval, jackknifeCoherence, jackknifeLogPower } from './jackknife.js';
import {
  type Coherence,
  type CrossSpectrum,
  coherenceOf,
  meanProduct,
  type PowerSpectrum,
  scaleOneSided,
} from './spectrum.js';

/** Names and defaults as elephant.spectral.multitaper_psd, but for `detrend`. */
export interface MultitaperOptions {
  /** Time-bandwidth product NW: the half bandwidth is NW over the segment's duration. Default 4. */
  readonly timeBandwidth?: number;
  /** Default floor(2 NW) - 1. */
  readonly tapers?: number;
  /** Samples per segment; segments do not overlap, and a shorter tail is left out. Default the whole signal. */
  readonly segmentSamples?: number;
  /** Default `constant` (Elephant leaves the mean in). */
  readonly detrend?: Detrend;
  /** Of the jackknife intervals, default 0.95. */
  readonly confidence?: number;
}

export interface MultitaperSpectrum extends PowerSpectrum {
  /** Half of the width over which a line is spread, Hz. */
  readonly halfBandwidthHz: number;
  /** Jackknife interval of each bin over tapers and segments; null with a single average. */
  readonly interval: Interval | null;
}

export interface MultitaperCoherence extends Coherence {
  readonly halfBandwidthHz: number;
  /** Jackknife interval of |C|, and jackknife sd of the phase. */
  readonly cohMagInterval: Interval;
  readonly phaseSdRad: Float64Array;
}

/**
 * Power spectral density as the mean over orthogonal Slepian tapers (Thomson 1982), with jackknife intervals of the
 * logarithm (Thomson and Chave 1991; Chronux specerr). One-sided: all bins but DC and Nyquist doubled.
 * @throws AnalysisError on samples that are not finite or settings that do not fit the signal.
 */
export function multitaperPsd(signal: SampledSignal, options: MultitaperOptions = {}): MultitaperSpectrum {
  const cut = settle(signal, options);
  const spectra = taperedSpectra(signal.values, cut);
  const power = meanProduct(spectra, spectra, binCount(cut.segmentSamples)).real;
  const interval = cut.averages > 1 ? jackknifeLogPower(spectra, power, cut.confidence) : null;
  for (const part of interval ? [power, interval.lower, interval.upper] : [power]) {
    scaleOneSided(part, 1 / signal.sampleRateHz, cut.segmentSamples);
  }
  return { ...about(signal, cut), power, scaling: 'density', interval };
}

/** Cross-spectral density conj(X) Y over the same tapers; the phase is negative where x leads y. */
export function multitaperCsd(
  x: SampledSignal,
  y: SampledSignal,
  options: MultitaperOptions = {},
): CrossSpectrum & { readonly halfBandwidthHz: number } {
  const [cut, spectraX, spectraY] = settlePair(x, y, options);
  const { real, imag } = meanProduct(spectraX, spectraY, binCount(cut.segmentSamples));
  for (const part of [real, imag]) scaleOneSided(part, 1 / x.sampleRateHz, cut.segmentSamples);
  return { ...about(x, cut), real, imag, scaling: 'density' };
}

/**
 * Coherence over Slepian tapers with jackknife intervals of atanh |C| and of the phase (Thomson and Chave 1991;
 * Chronux coherr). Null where a signal is constant or only one average is made.
 * @throws AnalysisError as `multitaperPsd`, and where the sample times of x and y differ.
 */
export function multitaperCoherence(
  x: SampledSignal,
  y: SampledSignal,
  options: MultitaperOptions = {},
): Estimate<MultitaperCoherence> {
  const [cut, spectraX, spectraY] = settlePair(x, y, options);
  const reason = constantReason('x', x.values) ?? constantReason('y', y.values);
  if (reason) return { value: null, reason };
  if (cut.averages < 2) {
    return { value: null, reason: 'one taper and segment only: such a coherence is 1 whatever the data' };
  }
  const bins = binCount(cut.segmentSamples);
  const xx = meanProduct(spectraX, spectraX, bins).real;
  const yy = meanProduct(spectraY, spectraY, bins).real;
  const coherence = coherenceOf(xx, yy, meanProduct(spectraX, spectraY, bins));
  const jackknife = jackknifeCoherence(spectraX, spectraY, coherence.cohMag, cut.confidence);
  return { value: { ...about(x, cut), ...coherence, ...jackknife } };
}

interface Settled {
  readonly segmentSamples: number;
  readonly segments: number;
  readonly averages: number;
  readonly tapers: readonly Float64Array[];
  readonly timeBandwidth: number;
  readonly detrend: Detrend;
  readonly confidence: number;
}

function settle(signal: SampledSignal, options: MultitaperOptions): Settled {
  requireSignal('signal', signal);
  const samples = signal.values.length;
  const { timeBandwidth = 4, segmentSamples = samples, detrend = 'constant', confidence = 0.95 } = options;
  requireCount('segmentSamples', segmentSamples, 2, samples);
  const count = options.tapers ?? Math.floor(2 * timeBandwidth) - 1;
  requireProbability('confidence', confidence);
  if (count > 2 * timeBandwidth) {
    throw new AnalysisError(`tapers is ${count}; allowed: at most 2 timeBandwidth, ${2 * timeBandwidth}`);
  }
  const tapers = cachedTapers(segmentSamples, timeBandwidth, count);
  const segments = Math.floor(samples / segmentSamples);
  return { segmentSamples, segments, averages: segments * count, tapers, timeBandwidth, detrend, confidence };
}

const CACHED_TAPER_SETS = 4;
const taperSets = new Map<string, readonly Float64Array[]>();

/** Tapers take longer to make than a spectrum does, so the sets used last are kept. */
function cachedTapers(length: number, timeBandwidth: number, count: number): readonly Float64Array[] {
  const key = `${length} ${timeBandwidth} ${count}`;
  const tapers = taperSets.get(key) ?? slepianTapers(length, timeBandwidth, count, 'periodic').tapers;
  taperSets.delete(key);
  taperSets.set(key, tapers);
  const [oldest] = taperSets.keys();
  if (taperSets.size > CACHED_TAPER_SETS) taperSets.delete(oldest);
  return tapers;
}

function settlePair(
  x: SampledSignal,
  y: SampledSignal,
  options: MultitaperOptions,
): [Settled, Float64Array, Float64Array] {
  const cut = settle(x, options);
  requireSignal('y', y);
  requireAligned(x, y);
  return [cut, taperedSpectra(x.values, cut), taperedSpectra(y.values, cut)];
}

function about(signal: SampledSignal, cut: Settled) {
  return {
    frequenciesHz: binFrequenciesHz(cut.segmentSamples, signal.sampleRateHz),
    averages: cut.averages,
    effectiveAverages: cut.averages,
    halfBandwidthHz: (cut.timeBandwidth * signal.sampleRateHz) / cut.segmentSamples,
  };
}

/** Half spectra of every segment under every taper, one interleaved row each. */
function taperedSpectra(values: Float64Array, cut: Settled): Float64Array {
  const plan = fftPlan(cut.segmentSamples);
  const rowLength = 2 * binCount(cut.segmentSamples);
  const spectra = new Float64Array(cut.averages * rowLength);
  const tapered = new Float64Array(cut.segmentSamples);
  let row = 0;
  for (let s = 0; s < cut.segments; s++) {
    const segment = values.slice(s * cut.segmentSamples, (s + 1) * cut.segmentSamples);
    detrendInPlace(segment, cut.detrend);
    for (const taper of cut.tapers) {
      for (let i = 0; i < tapered.length; i++) tapered[i] = segment[i] * taper[i];
      plan.forwardReal(tapered, spectra.subarray(row, row + rowLength));
      row += rowLength;
    }
  }
  return spectra;
}
