import { standardDeviation } from '../statistics.js';
import { type GaussianPeak, sumOfGaussians } from './gaussians.js';

/** When the search for peaks stops, as fooof names it. */
export interface PeakSearchSettings {
  /** Smallest and largest sd of a peak, Hz. */
  readonly sdLimitsHz: readonly [number, number];
  readonly maxPeaks: number;
  /** log10 power. */
  readonly minPeakHeight: number;
  /** In sd of the flattened spectrum. */
  readonly peakThreshold: number;
}

/** Peaks nearer to the spectrum's edge than this many sd are dropped. */
const EDGE_SD = 1;
/** Of peaks that overlap within this many sd the lower is dropped. */
const OVERLAP_SD = 0.75;

/**
 * First guesses of the peaks of a flattened log10 spectrum: takes the highest point, guesses its width from the
 * nearer half-height crossing, subtracts that Gaussian and repeats until the rest is below the thresholds; then drops
 * peaks at the edges and overlapping ones. fooof 1.1.1, `_fit_peaks`, `_drop_peak_cf`, `_drop_peak_overlap`.
 */
export function searchPeaks(
  frequenciesHz: Float64Array,
  flattened: Float64Array,
  settings: PeakSearchSettings,
): GaussianPeak[] {
  const rest = flattened.slice();
  const found: GaussianPeak[] = [];
  while (found.length < settings.maxPeaks) {
    const top = indexOfMaximum(rest);
    const height = rest[top];
    const floor = Math.max(settings.minPeakHeight, settings.peakThreshold * standardDeviation(rest));
    if (!(height > floor)) break;
    const guess = {
      hz: frequenciesHz[top],
      height,
      sdHz: guessWidth(frequenciesHz, rest, top, settings.sdLimitsHz),
    };
    found.push(guess);
    const shape = sumOfGaussians(frequenciesHz, [guess]);
    for (let i = 0; i < rest.length; i++) rest[i] -= shape[i];
  }
  return dropOverlapping(dropAtEdges(found, frequenciesHz[0], frequenciesHz[frequenciesHz.length - 1]));
}

/** sd of a Gaussian whose half width at half height is the nearer crossing; the limits' sum where there is none. */
function guessWidth(
  frequenciesHz: Float64Array,
  values: Float64Array,
  top: number,
  [low, high]: readonly [number, number],
): number {
  const half = values[top] / 2;
  // fooof never tests bin 0 for the left crossing; parity needs the same.
  let left = top - 1;
  while (left > 0 && values[left] > half) left--;
  let right = top + 1;
  while (right < values.length && values[right] > half) right++;
  const sides = [
    left > 0 ? top - left : Number.POSITIVE_INFINITY,
    right < values.length ? right - top : Number.POSITIVE_INFINITY,
  ];
  const bins = Math.min(...sides);
  const resolution = frequenciesHz[1] - frequenciesHz[0];
  const sdHz = Number.isFinite(bins) ? (bins * resolution) / Math.sqrt(2 * Math.LN2) : low + high;
  return Math.min(Math.max(sdHz, low), high);
}

function dropAtEdges(peaks: GaussianPeak[], firstHz: number, lastHz: number): GaussianPeak[] {
  return peaks.filter(
    ({ hz, sdHz }) => Math.abs(hz - firstHz) > EDGE_SD * sdHz && Math.abs(hz - lastHz) > EDGE_SD * sdHz,
  );
}

function dropOverlapping(peaks: GaussianPeak[]): GaussianPeak[] {
  const sorted = [...peaks].sort((a, b) => a.hz - b.hz);
  const dropped = new Set<GaussianPeak>();
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [a, b] = [sorted[i], sorted[i + 1]];
    const overlap = a.hz + OVERLAP_SD * a.sdHz > b.hz - OVERLAP_SD * b.sdHz;
    if (overlap) dropped.add(a.height <= b.height ? a : b);
  }
  return sorted.filter((peak) => !dropped.has(peak));
}

function indexOfMaximum(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
