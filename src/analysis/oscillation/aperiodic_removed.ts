import type { Estimate } from '../data.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';
import { type AperiodicParameters, aperiodicLogPower } from './aperiodic.js';
import { type BandName, bandPower, forEachBand, integrateBand } from './bands.js';

/** Power of a band beside what the aperiodic component alone would give, in unit^2. */
export interface PowerOverAperiodic {
  readonly total: number;
  readonly aperiodic: number;
  /** total - aperiodic; negative where the spectrum dips below the component. */
  readonly excess: number;
  /** 10 log10(total/aperiodic). */
  readonly decibel: number;
}

/** Power over a fitted aperiodic component in each band, trapezoid over the same bins as `bandPower`. */
export function powerOverAperiodic(
  spectrum: PowerSpectrum,
  aperiodic: AperiodicParameters,
): Record<BandName, Estimate<PowerOverAperiodic>> {
  const background = aperiodicLogPower(spectrum.frequenciesHz, aperiodic).map((log) => 10 ** log);
  return forEachBand((lowHz, highHz) => {
    const total = bandPower(spectrum, lowHz, highHz);
    const below = integrateBand(spectrum.frequenciesHz, background, lowHz, highHz);
    if (total.value === null) return total;
    if (!Number.isFinite(below.value)) {
      return { value: null, reason: `the aperiodic component is undefined in ${lowHz}-${highHz} Hz` };
    }
    const excess = total.value - below.value!;
    const decibel = 10 * Math.log10(total.value / below.value!);
    return { value: { total: total.value, aperiodic: below.value!, excess, decibel } };
  });
}
