import type { SampledSignal } from '../data.js';
import { binCount, binFrequenciesHz } from './fft.js';
import { type SegmentOptions, segmentation, segmentSpectra } from './segments.js';
import { powerFactor, type SpectralScaling, scaleOneSided } from './spectrum.js';

/** Power over time and frequency. */
export interface Spectrogram {
  readonly frequenciesHz: Float64Array;
  /** Centre of each segment, ms. */
  readonly timesMs: Float64Array;
  /** One-sided power, row after row: `power[t * frequenciesHz.length + f]`; unit^2/Hz or unit^2. */
  readonly power: Float64Array;
  readonly scaling: SpectralScaling;
}

/**
 * Power spectrum of each segment, scipy.signal.spectrogram (mode 'psd'); its mean over time is `welchPsd` with the
 * same options, whose defaults (periodic Hann, half overlap) it takes rather than scipy's Tukey window.
 * @throws AnalysisError on samples that are not finite or a segment that does not fit the signal.
 */
export function spectrogram(
  signal: SampledSignal,
  options: SegmentOptions & { readonly scaling?: SpectralScaling } = {},
): Spectrogram {
  const { scaling = 'density' } = options;
  const cut = segmentation(signal, options);
  const spectra = segmentSpectra(signal.values, cut);
  const bins = binCount(cut.segmentSamples);
  const factor = powerFactor(cut.window, signal.sampleRateHz, scaling);
  const power = new Float64Array(cut.segments * bins);
  for (let i = 0; i < power.length; i++) power[i] = spectra[2 * i] ** 2 + spectra[2 * i + 1] ** 2;
  for (let row = 0; row < cut.segments; row++) {
    scaleOneSided(power.subarray(row * bins, (row + 1) * bins), factor, cut.segmentSamples);
  }
  const timesMs = Float64Array.from({ length: cut.segments }, (_, row) => {
    const centre = row * cut.stepSamples + cut.segmentSamples / 2;
    return signal.startMs + (1000 * centre) / signal.sampleRateHz;
  });
  return {
    frequenciesHz: binFrequenciesHz(cut.segmentSamples, signal.sampleRateHz),
    timesMs,
    power,
    scaling,
  };
}
