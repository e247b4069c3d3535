/** E/I balance from the LFP's spectrum alone: the slope of its power law between 30 and 50 Hz (Gao et al. 2017). */

import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';
import { welchPsd } from '../spectral/welch.js';
import { robustLine, straightLine } from './line_fit.js';

/** The band of Gao et al. 2017: above the alpha and beta rhythms, below the currents' second corner. */
export const GAO_BAND_HZ: Band = { lowHz: 30, highHz: 50 };

/** log10 power = intercept + slope log10 frequency. */
export interface PowerLaw {
  readonly slope: number;
  readonly intercept: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** Frequency bins that were fitted. */
  readonly bins: number;
}

/**
 * Power law of a spectrum between two frequencies, both included.
 *
 * @param method 'robust' is MATLAB's robustfit, as in EISlope robfitPSD.m; 'least squares' its linfitPSD.m
 * @returns null with fewer than 3 bins in the band, or a bin without power
 */
export function fitPowerLaw(
  spectrum: Pick<PowerSpectrum, 'frequenciesHz' | 'power'>,
  lowHz: number,
  highHz: number,
  method: 'robust' | 'least squares',
): Estimate<PowerLaw> {
  if (!(lowHz > 0 && highHz > lowHz && Number.isFinite(highHz))) {
    throw new AnalysisError(`the band is ${lowHz} .. ${highHz} Hz; it must ascend and be above 0`);
  }
  const x: number[] = [];
  const y: number[] = [];
  for (const [k, frequency] of spectrum.frequenciesHz.entries()) {
    if (frequency < lowHz || frequency > highHz) continue;
    if (!(spectrum.power[k] > 0)) {
      return { value: null, reason: `there is no power at ${frequency} Hz: its logarithm is undefined` };
    }
    x.push(Math.log10(frequency));
    y.push(Math.log10(spectrum.power[k]));
  }
  if (x.length < 3) {
    return { value: null, reason: `${x.length} frequency bins in ${lowHz} .. ${highHz} Hz: a fit needs 3` };
  }
  const line = method === 'robust' ? robustLine(x, y) : straightLine(x, y);
  return { value: { ...line, lowHz, highHz, bins: x.length } };
}

/**
 * Slope of the LFP's spectrum as Gao et al. 2017 estimate it: median Welch over 1 s segments, robust fit. The more
 * inhibition outweighs excitation in conductance, the steeper. It is a proxy with assumptions: Poisson input, fast
 * excitatory and slow inhibitory currents, and no rhythm inside the band; one there (gamma) makes it meaningless.
 */
export function gaoSlope(lfp: SampledSignal, { lowHz, highHz }: Band = GAO_BAND_HZ): Estimate<PowerLaw> {
  const segmentSamples = Math.round(lfp.sampleRateHz);
  if (lfp.values.length < segmentSamples) {
    return { value: null, reason: 'the LFP is shorter than one segment of 1 s' };
  }
  return fitPowerLaw(welchPsd(lfp, { segmentSamples, average: 'median' }), lowHz, highHz, 'robust');
}

interface Band {
  readonly lowHz: number;
  readonly highHz: number;
}
