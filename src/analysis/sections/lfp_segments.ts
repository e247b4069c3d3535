import { lfpPhase } from '../coupling/lfp_phase.js';
import type { Estimate, SampledSignal, TimeWindow } from '../data.js';
import { FREQUENCY_BANDS } from '../oscillation/bands.js';
import type { AnalyticSignal } from '../spectral/hilbert.js';

/** Three cycles of the gamma band's lowest frequency. */
const GAMMA_MIN_MS = 100;

/** Welch settings of results.json, spectrum.csv and coherence.csv; the window is a periodic Hann, the detrend constant. */
export interface LfpSegments {
  readonly segmentMs: number;
  readonly segmentSamples: number;
}

/** The segments of `segmentMs` for this LFP, or why it cannot be cut into any. */
export function lfpSegments(lfp: SampledSignal | null, segmentMs: number): Estimate<LfpSegments> {
  if (!lfp) return { value: null, reason: 'no LFP was given' };
  const segmentSamples = Math.round((segmentMs * lfp.sampleRateHz) / 1000);
  if (segmentSamples < 2) {
    return {
      value: null,
      reason: `a segment of ${segmentMs} ms has ${segmentSamples} samples at ${lfp.sampleRateHz} Hz; at least 2 are needed`,
    };
  }
  if (segmentSamples > lfp.values.length) {
    const lastsMs = (1000 * lfp.values.length) / lfp.sampleRateHz;
    return {
      value: null,
      reason: `the LFP lasts ${lastsMs} ms in the window, less than a segment of ${segmentMs} ms`,
    };
  }
  return { value: { segmentMs, segmentSamples } };
}

/** Why the LFP cannot be filtered to the gamma band; null where it can. */
export function gammaObstacle({ sampleRateHz, values }: SampledSignal): string | null {
  const [lowHz, highHz] = FREQUENCY_BANDS.gamma;
  if (sampleRateHz <= 2 * highHz) {
    return `an LFP sampled at ${sampleRateHz} Hz does not contain ${lowHz}-${highHz} Hz`;
  }
  const lastsMs = (1000 * values.length) / sampleRateHz;
  return lastsMs < GAMMA_MIN_MS ? `an LFP of ${lastsMs} ms is shorter than three gamma cycles` : null;
}

/** Phase of the LFP's gamma band, or why it has none. */
export function gammaPhase(lfp: SampledSignal | null): Estimate<AnalyticSignal> {
  if (!lfp) return { value: null, reason: 'no LFP was given' };
  const reason = gammaObstacle(lfp);
  return reason === null ? lfpPhase(lfp, ...FREQUENCY_BANDS.gamma) : { value: null, reason };
}

/** The LFP may end within the window: by part of a sample in a run, by more in external data. */
export function coveredBy({ startMs, sampleRateHz, values }: SampledSignal, window: TimeWindow): TimeWindow {
  return { startMs, stopMs: Math.min(window.stopMs, startMs + (1000 * values.length) / sampleRateHz) };
}
