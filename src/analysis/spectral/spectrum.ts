import { AnalysisError } from '../data.js';

/** `density`: unit^2/Hz; `spectrum`: unit^2 per bin, so that a sine of amplitude A peaks at A^2/2. */
export type SpectralScaling = 'density' | 'spectrum';

/** One-sided power spectrum of a real signal. */
export interface PowerSpectrum {
  /** Ascending from 0 Hz to at most Nyquist. */
  readonly frequenciesHz: Float64Array;
  /** Power of each bin: unit^2/Hz (`density`) or unit^2 (`spectrum`), negative frequencies folded in. */
  readonly power: Float64Array;
  readonly scaling: SpectralScaling;
  /** Segments (times tapers) that were averaged, and the equivalent number of independent ones. */
  readonly averages: number;
  readonly effectiveAverages: number;
}

/** One-sided cross spectrum conj(X) Y: where x leads y by a quarter cycle its phase is -pi/2 (scipy.signal.csd). */
export interface CrossSpectrum extends Omit<PowerSpectrum, 'power'> {
  readonly real: Float64Array;
  readonly imag: Float64Array;
}

/** Coherence of two signals, bin by bin; NaN in a bin where either signal has no power at all. */
export interface Coherence {
  readonly frequenciesHz: Float64Array;
  /** Magnitude-squared coherence |Sxy|^2/(Sxx Syy), 0..1 (scipy.signal.coherence, MATLAB mscohere). */
  readonly msc: Float64Array;
  /** |C|, the root of `msc` (Chronux, MNE 'coh', FieldTrip). */
  readonly cohMag: Float64Array;
  /** Phase of conj(X) Y in (-pi, pi]: negative where x leads y. */
  readonly phaseRad: Float64Array;
  readonly averages: number;
  readonly effectiveAverages: number;
}

/** Real and imaginary part of a complex array. */
export interface ComplexParts {
  readonly real: Float64Array;
  readonly imag: Float64Array;
}

/** Factor from |FFT|^2 of a windowed segment to two-sided power, as scipy.signal.welch. */
export function powerFactor(window: Float64Array, sampleRateHz: number, scaling: SpectralScaling): number {
  let sum = 0;
  let energy = 0;
  for (const w of window) {
    sum += w;
    energy += w * w;
  }
  if (sum === 0 || !Number.isFinite(energy)) {
    throw new AnalysisError(
      `window has the sum ${sum} and the energy ${energy}; allowed: finite, a sum that is not 0`,
    );
  }
  return scaling === 'density' ? 1 / (sampleRateHz * energy) : 1 / (sum * sum);
}

/** Scales, and folds negative frequencies onto positive ones: doubles all bins but DC and, for an even length, Nyquist. */
export function scaleOneSided(power: Float64Array, factor: number, segmentSamples: number): void {
  const stop = segmentSamples % 2 === 0 ? power.length - 1 : power.length;
  for (let k = 0; k < power.length; k++) power[k] *= k > 0 && k < stop ? 2 * factor : factor;
}

/** Mean over rows of conj(X) Y, from two matrices of interleaved complex rows of `bins` bins. */
export function meanProduct(x: Float64Array, y: Float64Array, bins: number): ComplexParts {
  const real = new Float64Array(bins);
  const imag = new Float64Array(bins);
  const weight = (2 * bins) / x.length;
  for (let row = 0; row < x.length; row += 2 * bins) {
    for (let k = 0; k < bins; k++) {
      const i = row + 2 * k;
      real[k] += weight * (x[i] * y[i] + x[i + 1] * y[i + 1]);
      imag[k] += weight * (x[i] * y[i + 1] - x[i + 1] * y[i]);
    }
  }
  return { real, imag };
}

/** The coherence that three averaged products make. */
export function coherenceOf(
  xx: Float64Array,
  yy: Float64Array,
  xy: ComplexParts,
): Pick<Coherence, 'msc' | 'cohMag' | 'phaseRad'> {
  const msc = xy.real.map((re, k) => (re * re + xy.imag[k] * xy.imag[k]) / (xx[k] * yy[k]));
  return { msc, cohMag: msc.map(Math.sqrt), phaseRad: xy.real.map((re, k) => Math.atan2(xy.imag[k], re)) };
}
