import { constantReason } from '../checks.js';
import type { CircuitActivity } from '../circuit_activity.js';
import type { Estimate, SampledSignal } from '../data.js';
import type { Notes } from '../notes.js';
import {
  BAND_NAMES,
  type BandName,
  bandOf,
  bandPowers,
  FREQUENCY_BANDS,
  peakFrequency,
} from '../oscillation/bands.js';
import { fitSpecparam, type SpecparamFit } from '../oscillation/specparam.js';
import type { OscillationResults } from '../results.js';
import { bandPass } from '../spectral/band_pass.js';
import { analyticSignal, envelope } from '../spectral/hilbert.js';
import { type MultitaperSpectrum, multitaperPsd } from '../spectral/multitaper.js';
import { type Spectrogram, spectrogram } from '../spectral/spectrogram.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';
import { welchPsd } from '../spectral/welch.js';
import { gammaObstacle, type LfpSegments } from './lfp_segments.js';
import { NO_DETAIL, oscillationDetail } from './oscillation_detail.js';

/** What specparam fits: a peak narrower than two resolutions of a Hann window (1.5 bins of 1 Hz) is noise. */
export const SPECPARAM_SETTINGS = { rangeHz: [2, 150], peakWidthLimitsHz: [3, 20], maxPeaks: 6 } as const;
/** Slepian tapers of the usual set, [3 5] in Chronux: a line is spread over 3 Hz to each side with segments of 1 s. */
export const MULTITAPER = { timeBandwidth: 3, tapers: 5 } as const;
export const SPECTROGRAM_SEGMENT_MS = 250;
export const SPECTROGRAM_STEP_MS = 25;

/** The LFP's oscillation: the numbers of results.json and the arrays behind them. */
export interface OscillationAnalysis {
  readonly results: OscillationResults;
  /** Null without an LFP that varies and is at least a segment long. */
  readonly arrays: OscillationArrays | null;
}

export interface OscillationArrays {
  readonly segmentMs: number;
  /** Welch's PSD, uV^2/Hz. */
  readonly psd: PowerSpectrum;
  /** The same segments by Slepian tapers, with a jackknife interval of 95 %. */
  readonly multitaper: MultitaperSpectrum;
  readonly model: SpecparamFit | null;
  readonly spectrogram: Spectrogram | null;
  readonly gamma: GammaBand | null;
}

/** The LFP in the gamma band: Butterworth of order 4, forward and backward. */
export interface GammaBand {
  readonly signal: SampledSignal;
  /** Magnitude of the analytic signal, uV. */
  readonly envelope: Float64Array;
}

export function analyzeOscillation(
  { lfp }: CircuitActivity,
  segments: Estimate<LfpSegments>,
  notes: Notes,
): OscillationAnalysis {
  const reason = segments.value === null ? segments.reason : lfp && constantReason('the LFP', lfp.values);
  if (reason || !lfp || !segments.value) {
    notes.undefinedAt('oscillation', reason ?? 'no LFP was given');
    return { results: NOTHING_KNOWN, arrays: null };
  }
  const psd = welchPsd(lfp, { segmentSamples: segments.value.segmentSamples });
  const multitaper = multitaperPsd(lfp, { ...MULTITAPER, segmentSamples: segments.value.segmentSamples });
  const peak = notes.valueOf('oscillation.peakHz', peakFrequency(psd));
  const model = notes.valueOf('oscillation.aperiodic', fitSpecparam(psd, SPECPARAM_SETTINGS));
  return {
    results: {
      peakHz: peak?.hz ?? null,
      peakBand: peak && bandOf(peak.hz),
      bandPower_uV2: namedBandPowers(psd, notes),
      aperiodic: { offset: model?.aperiodic.offset ?? null, exponent: model?.aperiodic.exponent ?? null },
      peaks: model?.peaks ?? null,
      ...oscillationDetail(lfp, psd, model, multitaper, notes),
    },
    arrays: {
      segmentMs: segments.value.segmentMs,
      psd,
      multitaper,
      model,
      spectrogram: shortTimePower(lfp),
      gamma: gammaBand(lfp),
    },
  };
}

const NOTHING_KNOWN: OscillationResults = {
  peakHz: null,
  peakBand: null,
  bandPower_uV2: Object.fromEntries(BAND_NAMES.map((name) => [name, null])) as Record<BandName, null>,
  aperiodic: { offset: null, exponent: null },
  peaks: null,
  ...NO_DETAIL,
};

function namedBandPowers(psd: PowerSpectrum, notes: Notes): Record<BandName, number | null> {
  const entries = Object.entries(bandPowers(psd)).map(([name, power]) => [
    name,
    notes.valueOf(`oscillation.bandPower_uV2.${name}`, power),
  ]);
  return Object.fromEntries(entries);
}

function shortTimePower(lfp: SampledSignal): Spectrogram | null {
  const segmentSamples = Math.round((SPECTROGRAM_SEGMENT_MS * lfp.sampleRateHz) / 1000);
  const stepSamples = Math.round((SPECTROGRAM_STEP_MS * lfp.sampleRateHz) / 1000);
  if (stepSamples < 1 || segmentSamples > lfp.values.length) return null;
  return spectrogram(lfp, { segmentSamples, overlapSamples: segmentSamples - stepSamples });
}

function gammaBand(lfp: SampledSignal): GammaBand | null {
  if (gammaObstacle(lfp) !== null) return null;
  const signal = bandPass(lfp, ...FREQUENCY_BANDS.gamma);
  return { signal, envelope: envelope(analyticSignal(signal)) };
}
