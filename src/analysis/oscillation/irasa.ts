import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import type { SegmentOptions } from '../spectral/segments.js';
import { welchPsd } from '../spectral/welch.js';
import { medianInPlace } from '../statistics.js';
import { type AperiodicParameters, fitAperiodic } from './aperiodic.js';
import { resample } from './resample.js';

/** Resampling factors 1.1, 1.15 ... 1.9 as fractions of 20, the set of Wen and Liu and of neurodsp. */
const FACTORS_IN_TWENTIETHS = Array.from({ length: 17 }, (_, i) => 22 + i);
const LARGEST_FACTOR = 1.9;

export interface IrasaOptions extends SegmentOptions {
  /** Frequencies returned, both ends included; default 1 to the highest that every resampling carries. */
  readonly rangeHz?: readonly [number, number];
}

/** A spectrum as the sum of a scale-free and an oscillatory part, in unit^2/Hz. */
export interface IrasaSpectra {
  readonly frequenciesHz: Float64Array;
  readonly total: Float64Array;
  readonly aperiodic: Float64Array;
  /** total - aperiodic; may be negative where the two estimates scatter. */
  readonly periodic: Float64Array;
  /** Power law fitted to log10 of the aperiodic part; null where some of it has no power. */
  readonly powerLaw: Estimate<AperiodicParameters>;
}

/**
 * Irregular-resampling auto-spectral analysis (Wen and Liu, Brain Topogr. 29, 13, 2016) as neurodsp.aperiodic.irasa:
 * the spectra of the signal resampled by h and 1/h are averaged geometrically, which moves peaks apart and keeps a power
 * law; the median over h is the aperiodic part. Segments default to 4 s, half overlapping, at most the shortest
 * resampled signal. A peak at f spreads over f/1.9 to 1.9 f, and a knee within that factor biases the result.
 * @throws AnalysisError on samples that are not finite, segments that do not fit the signal shortened by 1.9, or a range
 * beyond Nyquist/1.9.
 */
export function irasa(signal: SampledSignal, options: IrasaOptions = {}): IrasaSpectra {
  const { sampleRateHz, values } = signal;
  const shortest = Math.floor(values.length / LARGEST_FACTOR);
  const { rangeHz, segmentSamples = Math.min(Math.round(4 * sampleRateHz), shortest), ...cutting } = options;
  const [lowHz, highHz] = rangeHz ?? [1, sampleRateHz / 2 / LARGEST_FACTOR];
  if (!(lowHz > 0 && lowHz < highHz && highHz <= sampleRateHz / 2 / LARGEST_FACTOR)) {
    throw new AnalysisError(
      `rangeHz is ${lowHz} to ${highHz}; allowed: above 0 to ${sampleRateHz / 2 / LARGEST_FACTOR}, Nyquist over 1.9`,
    );
  }
  if (segmentSamples > shortest) {
    throw new AnalysisError(
      `segmentSamples is ${segmentSamples}; allowed: at most ${shortest}, the signal's samples over 1.9`,
    );
  }
  const segments = { ...cutting, segmentSamples };
  const whole = welchPsd(signal, segments);
  const bins = [...whole.frequenciesHz.keys()].filter(
    (k) => whole.frequenciesHz[k] >= lowHz && whole.frequenciesHz[k] <= highHz,
  );
  const pairs = FACTORS_IN_TWENTIETHS.map((twentieths) => {
    const stretched = resampledPower(signal, twentieths, 20, segments);
    const squeezed = resampledPower(signal, 20, twentieths, segments);
    return stretched.map((p, k) => Math.sqrt(p * squeezed[k]));
  });
  const pick = (from: Float64Array) => Float64Array.from(bins, (k) => from[k]);
  const aperiodic = Float64Array.from(bins, (k) =>
    medianInPlace(Float64Array.from(pairs, (pair) => pair[k])),
  );
  const frequenciesHz = pick(whole.frequenciesHz);
  const total = pick(whole.power);
  const periodic = total.map((p, i) => p - aperiodic[i]);
  return { frequenciesHz, total, aperiodic, periodic, powerLaw: fitPowerLaw(frequenciesHz, aperiodic) };
}

/** Density of the resampled signal, bin by bin of the original grid times up/down. */
function resampledPower(
  signal: SampledSignal,
  up: number,
  down: number,
  segments: SegmentOptions,
): Float64Array {
  const values = resample(signal.values, up, down);
  return welchPsd({ ...signal, values, sampleRateHz: (signal.sampleRateHz * up) / down }, segments).power;
}

function fitPowerLaw(frequenciesHz: Float64Array, power: Float64Array): Estimate<AperiodicParameters> {
  const weak = power.findIndex((p) => p <= 0);
  if (weak >= 0)
    return { value: null, reason: `the aperiodic part has no power at ${frequenciesHz[weak]} Hz` };
  return fitAperiodic(frequenciesHz, power.map(Math.log10), 'fixed', { offset: 0, knee: 0, exponent: 1 });
}
