import { requireCount } from '../checks.js';
import { AnalysisError } from '../data.js';

/** Data windows by name, as scipy.signal.windows defines them. */
export type WindowName = 'boxcar' | 'hann' | 'hamming' | 'bartlett' | 'flattop';

/** `periodic` is scipy's default for spectra (fftbins=True); `symmetric` is MATLAB's default. */
export type WindowSymmetry = 'periodic' | 'symmetric';

const COSINE_COEFFICIENTS = {
  boxcar: [1],
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  // D'Antona and Ferrero (2006), the coefficients of scipy.signal.windows.flattop.
  flattop: [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
} as const;

/** `length` samples of a data window, dimensionless, largest value 1 (boxcar 1 everywhere). */
export function dataWindow(name: WindowName, length: number, symmetry: WindowSymmetry): Float64Array {
  requireCount('window length', length, 1, 2 ** 26);
  if (length === 1) return Float64Array.of(1);
  const period = symmetry === 'periodic' ? length : length - 1;
  if (name === 'bartlett') {
    return Float64Array.from({ length }, (_, n) => 1 - Math.abs((2 * n) / period - 1));
  }
  const coefficients: readonly number[] = COSINE_COEFFICIENTS[name];
  if (!coefficients) throw new AnalysisError(`window is '${name}'; allowed: ${WINDOW_NAMES.join(', ')}`);
  return Float64Array.from({ length }, (_, n) =>
    coefficients.reduce((sum, a, k) => sum + (k % 2 ? -a : a) * Math.cos((2 * Math.PI * k * n) / period), 0),
  );
}

const WINDOW_NAMES = [...Object.keys(COSINE_COEFFICIENTS), 'bartlett'];

/** Tapered cosine window, scipy.signal.windows.tukey: `taperFraction` of the samples are in the cosine lobes. */
export function tukeyWindow(length: number, taperFraction: number, symmetry: WindowSymmetry): Float64Array {
  requireCount('window length', length, 1, 2 ** 26);
  if (!(taperFraction >= 0 && taperFraction <= 1)) {
    throw new AnalysisError(`taperFraction is ${taperFraction}; allowed: from 0 to 1`);
  }
  const period = symmetry === 'periodic' ? length : length - 1;
  const lobe = (taperFraction * period) / 2;
  return Float64Array.from({ length }, (_, n) => {
    const fromEdge = Math.min(n, period - n);
    return fromEdge >= lobe ? 1 : 0.5 * (1 - Math.cos((Math.PI * fromEdge) / lobe));
  });
}
