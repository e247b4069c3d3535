/** Straight lines through points: least squares, and robust against outliers. */

export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** Tuning of the bisquare weight: 95 % efficient for normal errors (Holland and Welsch 1977; MATLAB robustfit). */
const BISQUARE_TUNING = 4.685;
/** Median of |normal| with sd 1. */
const NORMAL_MEDIAN = 0.6745;
const MAX_ITERATIONS = 50;

/** Least squares; `weights` default to 1. */
export function straightLine(x: readonly number[], y: readonly number[], weights?: readonly number[]): Line {
  let mass = 0;
  let meanX = 0;
  let meanY = 0;
  for (let k = 0; k < x.length; k++) {
    const weight = weights ? weights[k] : 1;
    mass += weight;
    meanX += weight * x[k];
    meanY += weight * y[k];
  }
  meanX /= mass;
  meanY /= mass;
  let xx = 0;
  let xy = 0;
  for (let k = 0; k < x.length; k++) {
    const weight = weights ? weights[k] : 1;
    xx += weight * (x[k] - meanX) ** 2;
    xy += weight * (x[k] - meanX) * (y[k] - meanY);
  }
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX };
}

/**
 * Iteratively reweighted least squares with bisquare weights: residuals are divided by sqrt(1 - leverage) and by a
 * scale from the median absolute residual, the smallest left out (MATLAB robustfit and its defaults).
 */
export function robustLine(x: readonly number[], y: readonly number[]): Line {
  const n = x.length;
  const meanX = x.reduce((sum, value) => sum + value, 0) / n;
  const meanY = y.reduce((sum, value) => sum + value, 0) / n;
  const xx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const spreadY = Math.sqrt(y.reduce((sum, value) => sum + (value - meanY) ** 2, 0) / (n - 1));
  const adjust = x.map((value) => 1 / Math.sqrt(Math.max(1e-4, 1 - 1 / n - (value - meanX) ** 2 / xx)));
  let line = straightLine(x, y);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const residuals = x.map((value, k) => (y[k] - line.intercept - line.slope * value) * adjust[k]);
    const scale = Math.max(residualScale(residuals), 1e-6 * spreadY) || 1;
    const weights = residuals.map((residual) => {
      const relative = residual / (scale * BISQUARE_TUNING);
      return Math.abs(relative) < 1 ? (1 - relative * relative) ** 2 : 0;
    });
    const next = straightLine(x, y, weights);
    const settled = close(next.slope, line.slope) && close(next.intercept, line.intercept);
    line = next;
    if (settled) break;
  }
  return line;
}

/** Median absolute residual over that of a normal variable; one is left out, since a line meets two points anyway. */
function residualScale(residuals: readonly number[]): number {
  const sizes = residuals
    .map(Math.abs)
    .sort((a, b) => a - b)
    .slice(1);
  const middle = sizes.length / 2;
  const median = sizes.length % 2 === 0 ? (sizes[middle - 1] + sizes[middle]) / 2 : sizes[Math.floor(middle)];
  return median / NORMAL_MEDIAN;
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.sqrt(Number.EPSILON) * Math.max(Math.abs(a), Math.abs(b));
}
