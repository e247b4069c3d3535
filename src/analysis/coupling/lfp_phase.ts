/** Phase of the LFP in a band, and its value at any time. */

import { constantReason } from '../checks.js';
import { AnalysisError, type Estimate, type SampledSignal, type TimeWindow } from '../data.js';
import { bandPass } from '../spectral/band_pass.js';
import { type AnalyticSignal, analyticSignal } from '../spectral/hilbert.js';

/**
 * Analytic signal of the LFP in [lowHz, highHz]: Butterworth forward and backward, then Hilbert. Phase 0 is the band's
 * maximum, +-pi its minimum.
 *
 * @returns null for a constant LFP, which has no phase
 * @throws AnalysisError on samples that are not finite and a band outside 0 .. Nyquist
 */
export function lfpPhase(lfp: SampledSignal, lowHz: number, highHz: number): Estimate<AnalyticSignal> {
  const filtered = bandPass(lfp, lowHz, highHz);
  const reason = constantReason('the LFP', lfp.values);
  return reason === null ? { value: analyticSignal(filtered) } : { value: null, reason };
}

/** Unit vector of the phase at a time; written into by {@link phaseVectorAt} so that a spike costs no object. */
export interface PhaseVector {
  cos: number;
  sin: number;
}

/**
 * Direction of the analytic signal at `timeMs`, interpolated linearly between samples; sample k is in the middle of
 * its interval (point samples at k/rate are given with a start half a sample early).
 */
export function phaseVectorAt(signal: AnalyticSignal, timeMs: number, into: PhaseVector): void {
  const position = ((timeMs - signal.startMs) * signal.sampleRateHz) / 1000 - 0.5;
  const before = Math.min(Math.max(Math.floor(position), 0), signal.real.length - 2);
  const part = position - before;
  const re = signal.real[before] + part * (signal.real[before + 1] - signal.real[before]);
  const im = signal.imag[before] + part * (signal.imag[before + 1] - signal.imag[before]);
  const length = Math.sqrt(re * re + im * im);
  into.cos = re / length;
  into.sin = im / length;
}

/** Phase of the LFP in radians, (-pi, pi], at each of the times. */
export function phasesAt(signal: AnalyticSignal, timesMs: Float64Array): Float64Array {
  const vector = { cos: 0, sin: 0 };
  return timesMs.map((time) => {
    requireWithin(signal, { startMs: time, stopMs: time });
    phaseVectorAt(signal, time, vector);
    return Math.atan2(vector.sin, vector.cos);
  });
}

/** Throws AnalysisError unless the window is within the signal, to a rounding error of its ends. */
export function requireWithin(signal: AnalyticSignal, window: TimeWindow): void {
  const stopMs = signal.startMs + (signal.real.length * 1000) / signal.sampleRateHz;
  const rounding = 1e-9 * Math.max(Math.abs(signal.startMs), Math.abs(stopMs));
  if (!(window.startMs >= signal.startMs - rounding && window.stopMs <= stopMs + rounding)) {
    throw new AnalysisError(
      `times from ${window.startMs} to ${window.stopMs} ms; the LFP runs from ${signal.startMs} to ${stopMs} ms`,
    );
  }
}
