import type { Estimate } from '../data.js';
import { fitLeastSquares } from './least_squares.js';

/** height exp(-(f - hz)^2 / (2 sdHz^2)), added to log10 power. */
export interface GaussianPeak {
  readonly hz: number;
  readonly height: number;
  readonly sdHz: number;
}

/** Sum of peaks at each frequency. */
export function sumOfGaussians(frequenciesHz: Float64Array, peaks: readonly GaussianPeak[]): Float64Array {
  const sum = new Float64Array(frequenciesHz.length);
  for (const { hz, height, sdHz } of peaks) {
    for (let i = 0; i < sum.length; i++)
      sum[i] += height * Math.exp(-((frequenciesHz[i] - hz) ** 2) / (2 * sdHz * sdHz));
  }
  return sum;
}

/**
 * Fits all peaks at once to a flattened log10 spectrum: centres within 3 sd of their guess and within the spectrum,
 * heights above 0, widths within `sdLimitsHz` (fooof 1.1.1). Sorted by frequency.
 */
export function fitGaussians(
  frequenciesHz: Float64Array,
  flattened: Float64Array,
  guesses: readonly GaussianPeak[],
  sdLimitsHz: readonly [number, number],
): Estimate<GaussianPeak[]> {
  const n = 3 * guesses.length;
  const flat = (pick: (g: GaussianPeak) => readonly number[]) => Float64Array.from(guesses.flatMap(pick));
  const firstHz = frequenciesHz[0];
  const lastHz = frequenciesHz[frequenciesHz.length - 1];
  const fit = fitLeastSquares({
    target: flattened,
    model: (p, values) => values.set(sumOfGaussians(frequenciesHz, toPeaks(p))),
    jacobian: (p, derivatives) => {
      for (let i = 0; i < frequenciesHz.length; i++) {
        for (let j = 0; j < n; j += 3) {
          const distance = (frequenciesHz[i] - p[j]) / p[j + 2];
          const shape = Math.exp(-(distance * distance) / 2);
          const slope = (p[j + 1] * shape * distance) / p[j + 2];
          derivatives[i * n + j] = slope;
          derivatives[i * n + j + 1] = shape;
          derivatives[i * n + j + 2] = slope * distance;
        }
      }
    },
    start: flat((g) => [g.hz, g.height, g.sdHz]),
    lower: flat((g) => [Math.max(g.hz - 3 * g.sdHz, firstHz), 0, sdLimitsHz[0]]),
    upper: flat((g) => [Math.min(g.hz + 3 * g.sdHz, lastHz), Number.POSITIVE_INFINITY, sdLimitsHz[1]]),
  });
  if (fit.value === null) return { value: null, reason: `peaks: ${fit.reason}` };
  return { value: toPeaks(fit.value).sort((a, b) => a.hz - b.hz) };
}

function toPeaks(p: Float64Array): GaussianPeak[] {
  return Array.from({ length: p.length / 3 }, (_, i) => ({
    hz: p[3 * i],
    height: p[3 * i + 1],
    sdHz: p[3 * i + 2],
  }));
}
