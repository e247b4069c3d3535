import { constantReason, requirePositive } from '../checks.js';
import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import { bandPass } from '../spectral/band_pass.js';
import { analyticSignal, envelope } from '../spectral/hilbert.js';
import { medianInPlace } from '../statistics.js';

export interface BurstOptions {
  /** Amplitude that a burst must reach, in median amplitudes; default 2. */
  readonly highThreshold?: number;
  /** Amplitude above which a burst lasts, in median amplitudes; default 1. */
  readonly lowThreshold?: number;
  /** Shortest burst, in cycles of the band's lower edge; default 3. */
  readonly minCycles?: number;
}

/** One stretch of high amplitude, [startMs, stopMs). */
export interface Burst {
  readonly startMs: number;
  readonly stopMs: number;
  /** Largest amplitude, in the signal's unit, and when it is reached. */
  readonly peakAmplitude: number;
  readonly peakMs: number;
}

export interface BurstStatistics {
  readonly bursts: readonly Burst[];
  readonly perSecond: number;
  /** Fraction of the time spent in bursts. */
  readonly occupancy: number;
  /** Null without bursts. */
  readonly meanDurationMs: number | null;
  /** Median amplitude of the band, to which the thresholds refer. */
  readonly medianAmplitude: number;
}

/**
 * Bursts of a band by two thresholds (Feingold et al., PNAS 112, 13687, 2015; neurodsp detect_bursts_dual_threshold):
 * the Hilbert amplitude of the band-passed signal stays at or above `lowThreshold` times its median and reaches
 * `highThreshold` times it, for at least `minCycles` cycles of the lower edge. As the thresholds follow the median, noise
 * has bursts too: compare with surrogates or with other bands before calling them oscillations. Null for a constant signal.
 * @throws AnalysisError on thresholds out of order and as `bandPass`.
 */
export function detectBursts(
  signal: SampledSignal,
  lowHz: number,
  highHz: number,
  { highThreshold = 2, lowThreshold = 1, minCycles = 3 }: BurstOptions = {},
): Estimate<BurstStatistics> {
  if (!(lowThreshold > 0 && lowThreshold <= highThreshold)) {
    throw new AnalysisError(
      `lowThreshold is ${lowThreshold}, highThreshold ${highThreshold}; allowed: 0 < low <= high`,
    );
  }
  requirePositive('minCycles', minCycles);
  const filtered = bandPass(signal, lowHz, highHz);
  const reason = constantReason('signal', signal.values);
  if (reason) return { value: null, reason };
  const amplitude = envelope(analyticSignal(filtered));
  const medianAmplitude = medianInPlace(amplitude.slice());
  if (!(medianAmplitude > 0))
    return { value: null, reason: 'the median amplitude is 0: thresholds are undefined' };
  const { sampleRateHz, startMs } = signal;
  const minSamples = (minCycles * sampleRateHz) / lowHz;
  const timeMs = (sample: number) => startMs + (1000 * sample) / sampleRateHz;

  const bursts: Burst[] = [];
  let inBursts = 0;
  for (const [start, stop] of runsAtOrAbove(amplitude, lowThreshold * medianAmplitude)) {
    let peak = start;
    for (let n = start; n < stop; n++) if (amplitude[n] > amplitude[peak]) peak = n;
    if (amplitude[peak] < highThreshold * medianAmplitude || stop - start < minSamples) continue;
    bursts.push({
      startMs: timeMs(start),
      stopMs: timeMs(stop),
      peakAmplitude: amplitude[peak],
      peakMs: timeMs(peak),
    });
    inBursts += stop - start;
  }
  const meanDurationMs = bursts.length > 0 ? (1000 * inBursts) / sampleRateHz / bursts.length : null;
  const perSecond = (bursts.length * sampleRateHz) / amplitude.length;
  return {
    value: { bursts, perSecond, occupancy: inBursts / amplitude.length, meanDurationMs, medianAmplitude },
  };
}

/** Maximal runs [start, stop) of samples at or above a level. */
function* runsAtOrAbove(values: Float64Array, level: number): Generator<[number, number]> {
  let start = -1;
  for (let n = 0; n <= values.length; n++) {
    const isInside = n < values.length && values[n] >= level;
    if (isInside && start < 0) start = n;
    if (!isInside && start >= 0) {
      yield [start, n];
      start = -1;
    }
  }
}
