import { medianInPlace } from '../statistics.js';
import type { ComplexParts } from './spectrum.js';

/**
 * Median over rows of the real and of the imaginary part of conj(X) Y, divided by the bias of the median of
 * periodograms (Allen et al., Phys. Rev. D 85, 122006, 2012, appendix B), as scipy's average='median'.
 */
export function medianProduct(x: Float64Array, y: Float64Array, bins: number): ComplexParts {
  const rows = x.length / (2 * bins);
  const bias = medianBias(rows);
  const real = new Float64Array(bins);
  const imag = new Float64Array(bins);
  const columnRe = new Float64Array(rows);
  const columnIm = new Float64Array(rows);
  for (let k = 0; k < bins; k++) {
    for (let row = 0; row < rows; row++) {
      const i = 2 * (row * bins + k);
      columnRe[row] = x[i] * y[i] + x[i + 1] * y[i + 1];
      columnIm[row] = x[i] * y[i + 1] - x[i + 1] * y[i];
    }
    real[k] = medianInPlace(columnRe) / bias;
    imag[k] = medianInPlace(columnIm) / bias;
  }
  return { real, imag };
}

function medianBias(periodograms: number): number {
  let bias = 1;
  for (let i = 1; i <= Math.floor((periodograms - 1) / 2); i++) bias += 1 / (2 * i + 1) - 1 / (2 * i);
  return bias;
}
