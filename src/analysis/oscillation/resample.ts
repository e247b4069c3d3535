import { requireCount } from '../checks.js';

/** Half length of the filter in units of the larger factor, and shape of its Kaiser window (scipy.signal.resample_poly). */
const FILTER_HALF_LENGTH = 10;
const KAISER_BETA = 5;

/**
 * Signal at `up/down` times its sample rate, scipy.signal.resample_poly: zeros between samples, a zero-phase low-pass at
 * the lower Nyquist frequency, one in `down` samples kept; zero beyond the ends. Returns ceil(length up/down) values.
 * @throws AnalysisError unless both factors are integers from 1 to 10000.
 */
export function resample(values: Float64Array, up: number, down: number): Float64Array {
  requireCount('up', up, 1, 10_000);
  requireCount('down', down, 1, 10_000);
  const divisor = greatestCommonDivisor(up, down);
  if (divisor > 1) return resample(values, up / divisor, down / divisor);
  const half = FILTER_HALF_LENGTH * Math.max(up, down);
  const filter = lowPass(half, 1 / Math.max(up, down)).map((tap) => tap * up);
  const output = new Float64Array(Math.ceil((values.length * up) / down));
  for (let n = 0; n < output.length; n++) {
    // Output n sits at n down on the fine grid; input m at m up.
    const centre = n * down;
    const first = Math.max(Math.ceil((centre - half) / up), 0);
    const last = Math.min(Math.floor((centre + half) / up), values.length - 1);
    let sum = 0;
    for (let m = first; m <= last; m++) sum += filter[centre - m * up + half] * values[m];
    output[n] = sum;
  }
  return output;
}

/** Windowed sinc of 2 half + 1 taps with sum 1, scipy.signal.firwin; the cutoff is relative to Nyquist. */
function lowPass(half: number, cutoff: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = i - half;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
    return sinc * besselI0(KAISER_BETA * Math.sqrt(1 - (x / half) ** 2));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Modified Bessel function of order 0 by its power series, sum of (x/2)^2k / (k!)^2. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
