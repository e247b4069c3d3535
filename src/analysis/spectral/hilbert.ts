import { requireSignal } from '../checks.js';
import type { SampledSignal } from '../data.js';
import { fftPlan } from './fft.js';
import type { ComplexParts } from './spectrum.js';

/** Analytic signal x + i H[x] over the same samples as the signal. */
export interface AnalyticSignal extends ComplexParts {
  readonly sampleRateHz: number;
  readonly startMs: number;
}

/**
 * Analytic signal by the discrete Fourier transform, scipy.signal.hilbert: negative frequencies are dropped, positive
 * ones doubled. Envelope and phase mean something only for a signal that has been band-passed.
 * @throws AnalysisError on samples that are not finite.
 */
export function analyticSignal(signal: SampledSignal): AnalyticSignal {
  requireSignal('signal', signal);
  const n = signal.values.length;
  const plan = fftPlan(n);
  const complex = new Float64Array(2 * n);
  const spectrum = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) complex[2 * i] = signal.values[i];
  plan.forward(complex, spectrum);
  const negativeFrom = Math.floor(n / 2) + 1;
  for (let i = 2; i < 2 * Math.ceil(n / 2); i++) spectrum[i] *= 2;
  spectrum.fill(0, 2 * negativeFrom);
  plan.inverse(spectrum, complex);
  const part = (offset: number) => Float64Array.from({ length: n }, (_, i) => complex[2 * i + offset]);
  return { sampleRateHz: signal.sampleRateHz, startMs: signal.startMs, real: part(0), imag: part(1) };
}

/** Instantaneous amplitude, in the signal's unit. */
export function envelope({ real, imag }: ComplexParts): Float64Array {
  return real.map((re, i) => Math.hypot(re, imag[i]));
}

/** Instantaneous phase in (-pi, pi]; 0 at the peaks of a cosine. */
export function phaseRad({ real, imag }: ComplexParts): Float64Array {
  return real.map((re, i) => Math.atan2(imag[i], re));
}
