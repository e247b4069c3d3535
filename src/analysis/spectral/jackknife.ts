import jStat from 'jstat';
import { standardDeviation } from '../statistics.js';

/** Lower and upper end of a confidence interval, bin by bin. */
export interface Interval {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Two-sided quantile of Student's t. */
function studentFactor(confidence: number, degreesOfFreedom: number): number {
  return jStat.studentt.inv((1 + confidence) / 2, degreesOfFreedom);
}

/**
 * Interval of `power`, the mean over rows of |X|^2, by leaving one row out at a time: the sd of the log of the delete-one
 * means times sqrt(rows - 1), with Student's t of rows - 1 degrees of freedom (Thomson and Chave 1991; Chronux specerr).
 */
export function jackknifeLogPower(spectra: Float64Array, power: Float64Array, confidence: number): Interval {
  const bins = power.length;
  const rows = spectra.length / (2 * bins);
  const factor = studentFactor(confidence, rows - 1);
  const lower = new Float64Array(bins);
  const upper = new Float64Array(bins);
  const deleteOne = new Float64Array(rows);
  for (let k = 0; k < bins; k++) {
    for (let row = 0; row < rows; row++) {
      const i = 2 * (row * bins + k);
      deleteOne[row] = Math.log((rows * power[k] - spectra[i] ** 2 - spectra[i + 1] ** 2) / (rows - 1));
    }
    const spread = Math.exp(factor * Math.sqrt(rows - 1) * standardDeviation(deleteOne));
    // No power at all: the interval has no width.
    lower[k] = power[k] === 0 ? 0 : power[k] / spread;
    upper[k] = power[k] === 0 ? 0 : power[k] * spread;
  }
  return { lower, upper };
}

/**
 * Interval of |C| from delete-one values of sqrt(2 rows - 2) atanh |C|, and the sd of the phase from the mean resultant
 * of delete-one phases (Thomson and Chave 1991; Chronux coherr). The lower end is never below 0.
 */
export function jackknifeCoherence(
  spectraX: Float64Array,
  spectraY: Float64Array,
  cohMag: Float64Array,
  confidence: number,
): { readonly cohMagInterval: Interval; readonly phaseSdRad: Float64Array } {
  const bins = cohMag.length;
  const rows = spectraX.length / (2 * bins);
  const factor = studentFactor(confidence, 2 * rows - 1);
  const scale = Math.sqrt(2 * rows - 2);
  const lower = new Float64Array(bins);
  const upper = new Float64Array(bins);
  const phaseSdRad = new Float64Array(bins);
  const deleteOne = new Float64Array(rows);
  for (let k = 0; k < bins; k++) {
    const products = productsOfBin(spectraX, spectraY, k, bins);
    let resultantRe = 0;
    let resultantIm = 0;
    for (let row = 0; row < rows; row++) {
      const re = products.sumRe - products.re[row];
      const im = products.sumIm - products.im[row];
      const modulus = Math.hypot(re, im);
      const norm = Math.sqrt((products.sumXx - products.xx[row]) * (products.sumYy - products.yy[row]));
      deleteOne[row] = scale * Math.atanh(modulus / norm);
      resultantRe += re / modulus / rows;
      resultantIm += im / modulus / rows;
    }
    const centre = scale * Math.atanh(cohMag[k]);
    const half = factor * Math.sqrt(rows - 1) * standardDeviation(deleteOne);
    // Signals that cohere fully, or a bin without power, leave no spread to estimate.
    const hasSpread = Number.isFinite(centre) && Number.isFinite(half);
    lower[k] = hasSpread ? Math.max(Math.tanh((centre - half) / scale), 0) : cohMag[k];
    upper[k] = hasSpread ? Math.tanh((centre + half) / scale) : cohMag[k];
    phaseSdRad[k] = Math.sqrt((2 * rows - 2) * Math.max(1 - Math.hypot(resultantRe, resultantIm), 0));
  }
  return { cohMagInterval: { lower, upper }, phaseSdRad };
}

function productsOfBin(x: Float64Array, y: Float64Array, k: number, bins: number) {
  const rows = x.length / (2 * bins);
  const [xx, yy, re, im] = [0, 0, 0, 0].map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const i = 2 * (row * bins + k);
    xx[row] = x[i] ** 2 + x[i + 1] ** 2;
    yy[row] = y[i] ** 2 + y[i + 1] ** 2;
    re[row] = x[i] * y[i] + x[i + 1] * y[i + 1];
    im[row] = x[i] * y[i + 1] - x[i + 1] * y[i];
  }
  const total = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0);
  return { xx, yy, re, im, sumXx: total(xx), sumYy: total(yy), sumRe: total(re), sumIm: total(im) };
}
