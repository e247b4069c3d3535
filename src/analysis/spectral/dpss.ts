import { requireCount } from '../checks.js';
import { AnalysisError } from '../data.js';
import { binCount, fftPlan, nextPowerOfTwo } from './fft.js';
import type { WindowSymmetry } from './windows.js';

/** Discrete prolate spheroidal (Slepian) sequences of one length and bandwidth. */
export interface SlepianTapers {
  /** Taper after taper, each `length` values of unit energy (before the cut of a `periodic` taper). */
  readonly tapers: readonly Float64Array[];
  /** Fraction of each taper's energy within +-timeBandwidth/length of the sample rate, descending. */
  readonly concentrations: Float64Array;
}

/**
 * The `count` best concentrated tapers, scipy.signal.windows.dpss(length, timeBandwidth, count, sym): eigenvectors of
 * the commuting tridiagonal matrix (Percival and Walden 1993, ch. 8), even ones with positive mean, odd ones starting
 * upward. `periodic` (sym=False) cuts the last value off tapers of length + 1.
 * @throws AnalysisError unless 0 < timeBandwidth < length/2 and count is an integer from 1 to length.
 */
export function slepianTapers(
  length: number,
  timeBandwidth: number,
  count: number,
  symmetry: WindowSymmetry,
): SlepianTapers {
  requireCount('taper length', length, 2, 2 ** 24);
  requireCount('tapers', count, 1, length);
  if (!(timeBandwidth > 0 && timeBandwidth < length / 2)) {
    throw new AnalysisError(`timeBandwidth is ${timeBandwidth}; allowed: above 0 and below ${length / 2}`);
  }
  const size = symmetry === 'periodic' ? length + 1 : length;
  const bandwidth = timeBandwidth / size;
  const matrix = tridiagonal(size, bandwidth);
  const whole = Array.from({ length: count }, (_, order) => oriented(eigenvector(matrix, order), order));
  return {
    tapers: whole.map((taper) => taper.subarray(0, length)),
    concentrations: Float64Array.from(whole, (taper) => concentration(taper, bandwidth)),
  };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` couples i - 1 and i; `beside[0]` is 0. */
  readonly beside: Float64Array;
}

function tridiagonal(size: number, bandwidth: number): Tridiagonal {
  const cosine = Math.cos(2 * Math.PI * bandwidth);
  return {
    diagonal: Float64Array.from({ length: size }, (_, t) => ((size - 1 - 2 * t) / 2) ** 2 * cosine),
    beside: Float64Array.from({ length: size }, (_, t) => (t * (size - t)) / 2),
  };
}

/** Unit eigenvector of the eigenvalue that `order` others exceed: bisection, then inverse iteration. */
function eigenvector(matrix: Tridiagonal, order: number): Float64Array {
  const eigenvalue = bisectEigenvalue(matrix, order);
  const size = matrix.diagonal.length;
  // A start with both even and odd parts is orthogonal to no eigenvector.
  let vector: Float64Array = Float64Array.from({ length: size }, (_, i) => 1 + (i + 1) / size);
  for (let iteration = 0; iteration < 4; iteration++) {
    vector = solveShifted(matrix, eigenvalue, vector);
    const norm = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
    vector = vector.map((v) => v / norm);
  }
  return vector;
}

function bisectEigenvalue({ diagonal, beside }: Tridiagonal, order: number): number {
  // Gershgorin's circles hold every eigenvalue.
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (let i = 0; i < diagonal.length; i++) {
    const radius = beside[i] + (beside[i + 1] ?? 0);
    high = Math.max(high, diagonal[i] + radius);
    low = Math.min(low, diagonal[i] - radius);
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (countAbove(diagonal, beside, middle) > order) low = middle;
    else high = middle;
  }
}

/** Number of eigenvalues above `value`: positive pivots of the shifted matrix (Sylvester's law of inertia). */
function countAbove(diagonal: Float64Array, beside: Float64Array, value: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i] - value - (beside[i] * beside[i]) / pivot;
    if (pivot === 0) pivot = Number.EPSILON;
    if (pivot > 0) count++;
  }
  return count;
}

/** Solves (matrix - shift) x = right by elimination with row exchanges, as LAPACK's dgtsv. */
function solveShifted({ diagonal, beside }: Tridiagonal, shift: number, right: Float64Array): Float64Array {
  const n = diagonal.length;
  const x = right.slice();
  const main = diagonal.map((d) => d - shift);
  const above = Float64Array.from({ length: n }, (_, i) => beside[i + 1] ?? 0);
  const above2 = new Float64Array(n);
  for (let i = 0; i + 1 < n; i++) {
    const below = beside[i + 1];
    if (Math.abs(main[i]) >= Math.abs(below)) {
      const factor = below / main[i];
      main[i + 1] -= factor * above[i];
      x[i + 1] -= factor * x[i];
    } else {
      const factor = main[i] / below;
      const next = main[i + 1];
      main[i] = below;
      main[i + 1] = above[i] - factor * next;
      above2[i] = above[i + 1];
      above[i + 1] *= -factor;
      above[i] = next;
      const swapped = x[i];
      x[i] = x[i + 1];
      x[i + 1] = swapped - factor * x[i + 1];
    }
  }
  const tiny = Number.EPSILON * Math.abs(diagonal[0]);
  for (let i = n - 1; i >= 0; i--) {
    const rest = (above[i] ?? 0) * (x[i + 1] ?? 0) + above2[i] * (x[i + 2] ?? 0);
    x[i] = (x[i] - rest) / (main[i] === 0 ? tiny : main[i]);
  }
  return x;
}

/** Fixes the sign as Percival and Walden (1993, p. 379) do, with scipy's threshold for the first lobe. */
function oriented(taper: Float64Array, order: number): Float64Array {
  const threshold = Math.max(1e-7, 1 / taper.length);
  const reference =
    order % 2 === 0 ? taper.reduce((sum, v) => sum + v, 0) : (taper.find((v) => v * v > threshold) ?? 0);
  return reference < 0 ? taper.map((v) => -v) : taper;
}

/** Energy in the band, from the taper's autocorrelation (Percival and Walden 1993, p. 390). */
function concentration(taper: Float64Array, bandwidth: number): number {
  const padded = nextPowerOfTwo(2 * taper.length);
  const plan = fftPlan(padded);
  const input = new Float64Array(padded);
  input.set(taper);
  const spectrum = new Float64Array(2 * binCount(padded));
  plan.forwardReal(input, spectrum);
  // The power spectrum is real and even, so its transform back is a real transform too.
  for (let k = 0; k < padded; k++) {
    const bin = 2 * Math.min(k, padded - k);
    input[k] = (spectrum[bin] ** 2 + spectrum[bin + 1] ** 2) / padded;
  }
  plan.forwardReal(input, spectrum);
  let sum = 2 * bandwidth * spectrum[0];
  for (let lag = 1; lag < taper.length; lag++) {
    sum += (2 * spectrum[2 * lag] * Math.sin(2 * Math.PI * bandwidth * lag)) / (Math.PI * lag);
  }
  return sum;
}
