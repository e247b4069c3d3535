import { AnalysisError, type Estimate } from '../data.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';

/** Frequency bands in Hz, lower and upper edge; the field has no agreed edges, so results name these. */
export const FREQUENCY_BANDS = {
  delta: [1, 4],
  theta: [4, 8],
  alpha: [8, 13],
  beta: [13, 30],
  gamma: [30, 80],
  highGamma: [80, 150],
} as const;

export type BandName = keyof typeof FREQUENCY_BANDS;

export const BAND_NAMES = Object.keys(FREQUENCY_BANDS) as BandName[];

/** Where the largest bin is looked for, Hz. */
const PEAK_RANGE_HZ = [5, 150] as const;

/** The largest bin of a spectrum. */
export interface SpectralPeak {
  readonly hz: number;
  /** Power of the bin, in the spectrum's unit. */
  readonly power: number;
  readonly bin: number;
  /** False where the bin is no local maximum: then the spectrum falls from the range's edge, and nothing oscillates. */
  readonly isLocalMaximum: boolean;
}

/** The band that holds a frequency, lower edge included; null outside all bands. */
export function bandOf(hz: number): BandName | null {
  return BAND_NAMES.find((name) => hz >= FREQUENCY_BANDS[name][0] && hz < FREQUENCY_BANDS[name][1]) ?? null;
}

/**
 * Power in a band, in the signal's unit squared: trapezoid over the bins from lowHz to highHz, both included. Null if
 * fewer than two bins are in the band or the spectrum ends below it.
 * @throws AnalysisError unless the spectrum is a density and 0 <= lowHz < highHz.
 */
export function bandPower(spectrum: PowerSpectrum, lowHz: number, highHz: number): Estimate<number> {
  requireDensity(spectrum);
  return integrateBand(spectrum.frequenciesHz, spectrum.power, lowHz, highHz);
}

/** `bandPower` of each of the six bands. */
export function bandPowers(spectrum: PowerSpectrum): Record<BandName, Estimate<number>> {
  return forEachBand((lowHz, highHz) => bandPower(spectrum, lowHz, highHz));
}

/** One result per band. */
export function forEachBand<T>(measure: (lowHz: number, highHz: number) => T): Record<BandName, T> {
  const entries = BAND_NAMES.map((name) => [
    name,
    measure(FREQUENCY_BANDS[name][0], FREQUENCY_BANDS[name][1]),
  ]);
  return Object.fromEntries(entries) as Record<BandName, T>;
}

/** Trapezoid of `values` over the bins from lowHz to highHz, both included. */
export function integrateBand(
  frequenciesHz: Float64Array,
  values: Float64Array,
  lowHz: number,
  highHz: number,
): Estimate<number> {
  if (!(lowHz >= 0 && lowHz < highHz)) {
    throw new AnalysisError(`band is ${lowHz} to ${highHz} Hz; allowed: 0 <= low < high`);
  }
  const last = frequenciesHz.length - 1;
  if (frequenciesHz[last] < highHz) {
    return {
      value: null,
      reason: `the spectrum ends at ${frequenciesHz[last]} Hz, inside or below ${lowHz}-${highHz} Hz`,
    };
  }
  const first = frequenciesHz.findIndex((f) => f >= lowHz);
  if (!(frequenciesHz[first + 1] <= highHz)) {
    return {
      value: null,
      reason: `fewer than two frequency bins are in ${lowHz}-${highHz} Hz; use longer segments`,
    };
  }
  let area = 0;
  for (let k = first + 1; k <= last && frequenciesHz[k] <= highHz; k++) {
    area += ((values[k] + values[k - 1]) / 2) * (frequenciesHz[k] - frequenciesHz[k - 1]);
  }
  return { value: area };
}

/**
 * The largest bin from lowHz to highHz, both included (default 5-150 Hz); the lower one of equal bins. Null if no bin
 * is there or none has power.
 */
export function peakFrequency(
  spectrum: Pick<PowerSpectrum, 'frequenciesHz' | 'power'>,
  [lowHz, highHz]: readonly [number, number] = PEAK_RANGE_HZ,
): Estimate<SpectralPeak> {
  const { frequenciesHz, power } = spectrum;
  let bin = -1;
  for (let k = 0; k < power.length; k++) {
    const isInRange = frequenciesHz[k] >= lowHz && frequenciesHz[k] <= highHz;
    if (isInRange && (bin < 0 || power[k] > power[bin])) bin = k;
  }
  if (bin < 0) return { value: null, reason: `no frequency bin is in ${lowHz}-${highHz} Hz` };
  if (!(power[bin] > 0)) return { value: null, reason: `the signal has no power in ${lowHz}-${highHz} Hz` };
  const isLocalMaximum = power[bin] > (power[bin - 1] ?? 0) && power[bin] > (power[bin + 1] ?? 0);
  return { value: { hz: frequenciesHz[bin], power: power[bin], bin, isLocalMaximum } };
}

/**
 * Full width at half the power of a peak bin, Hz: between the two crossings of half its power, by linear interpolation
 * between bins. No less than the resolution of the estimate (1.44 bins for a Hann window). Null where the spectrum
 * does not fall to half on both sides.
 */
export function halfPowerBandwidthHz(
  { frequenciesHz, power }: PowerSpectrum,
  peak: SpectralPeak,
): Estimate<number> {
  const half = peak.power / 2;
  const crossing = (direction: 1 | -1): number | null => {
    let k = peak.bin;
    while (power[k] > half) k += direction;
    if (power[k] === undefined) return null;
    const inside = k - direction;
    const fraction = (power[inside] - half) / (power[inside] - power[k]);
    return frequenciesHz[inside] + fraction * (frequenciesHz[k] - frequenciesHz[inside]);
  };
  const low = crossing(-1);
  const high = crossing(1);
  if (low === null || high === null) {
    return {
      value: null,
      reason: `the spectrum does not fall to half the power of its peak at ${peak.hz} Hz`,
    };
  }
  return { value: high - low };
}

function requireDensity(spectrum: PowerSpectrum): void {
  if (spectrum.scaling !== 'density') {
    throw new AnalysisError(
      `spectrum.scaling is '${spectrum.scaling}'; allowed: 'density', which integrates to power`,
    );
  }
}
