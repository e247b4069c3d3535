import { requirePositive } from '../checks.js';
import type { SampledSignal } from '../data.js';

/** Elephant's GaussianKernel is cut at 5 standard deviations. */
export const KERNEL_CUTOFF_SD = 5;

/**
 * A signal smoothed with a Gaussian kernel; of a rate histogram, elephant.statistics.instantaneous_rate with
 * GaussianKernel. At the ends the sum is divided by the part of the kernel that lies inside the signal, so that a
 * constant stays constant (Diggle 1985; Elephant's border_correction). Costs samples times kernel length.
 *
 * @param sigmaMs the kernel's standard deviation in ms
 * @returns the same unit, sample rate and start
 */
export function gaussianSmoothed(signal: SampledSignal, sigmaMs: number): SampledSignal {
  requirePositive('sigmaMs', sigmaMs);
  const binMs = 1000 / signal.sampleRateHz;
  const reach = Math.ceil((KERNEL_CUTOFF_SD * sigmaMs) / binMs);
  const kernel = new Float64Array(reach + 1);
  for (let lag = 0; lag <= reach; lag++) kernel[lag] = Math.exp(-0.5 * ((lag * binMs) / sigmaMs) ** 2);

  const { values } = signal;
  const smooth = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const from = Math.max(0, k - reach);
    const to = Math.min(values.length - 1, k + reach);
    let sum = 0;
    let mass = 0;
    for (let j = from; j <= to; j++) {
      const weight = kernel[Math.abs(j - k)];
      sum += weight * values[j];
      mass += weight;
    }
    smooth[k] = sum / mass;
  }
  return { ...signal, values: smooth };
}
