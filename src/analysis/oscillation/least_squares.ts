import type { Estimate } from '../data.js';

/** A model fitted by least squares: m values of n parameters, and their derivatives. */
export interface LeastSquaresProblem {
  /** Values to be met, length m. */
  readonly target: Float64Array;
  /** Writes the m model values; a value that is not finite marks parameters as out of the question. */
  model(parameters: Float64Array, values: Float64Array): void;
  /** Writes the m x n derivatives, row after row. */
  jacobian(parameters: Float64Array, derivatives: Float64Array): void;
  readonly start: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const MAX_ITERATIONS = 2000;
/** The fit has settled once a step lowers the sum of squares by no more than this fraction. */
const RELATIVE_PRECISION = 1e-9;

/**
 * Parameters of the least sum of squares within bounds, by the method of Levenberg and Marquardt (Marquardt 1963) with
 * steps cut off at the bounds and parameters held there while the gradient points outward. Finds the local minimum that
 * the start leads to; null where it does not converge.
 */
export function fitLeastSquares(problem: LeastSquaresProblem): Estimate<Float64Array> {
  const { target, lower, upper } = problem;
  const n = problem.start.length;
  let parameters: Float64Array = Float64Array.from(problem.start, (p, j) =>
    Math.min(Math.max(p, lower[j]), upper[j]),
  );
  const values = new Float64Array(target.length);
  const jacobian = new Float64Array(target.length * n);
  let cost = sumOfSquares(problem, parameters, values);
  if (!Number.isFinite(cost))
    return { value: null, reason: 'the fit starts outside the domain of its model' };
  let damping = 1e-3;

  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    problem.jacobian(parameters, jacobian);
    const { hessian, gradient } = normalEquations(jacobian, values, target, n);
    const free = [...gradient.keys()].filter(
      (j) =>
        !(parameters[j] <= lower[j] && gradient[j] > 0) && !(parameters[j] >= upper[j] && gradient[j] < 0),
    );
    let trial = parameters;
    let trialCost = Number.POSITIVE_INFINITY;
    for (; damping < 1e20; damping *= 4) {
      trial = stepped(parameters, solveDamped(hessian, gradient, free, damping), free, lower, upper);
      trialCost = sumOfSquares(problem, trial, values);
      if (trialCost <= cost) break;
    }
    if (!(trialCost <= cost)) return { value: parameters };
    const isSettled = cost - trialCost <= RELATIVE_PRECISION * cost;
    parameters = trial;
    cost = trialCost;
    if (isSettled) return { value: parameters };
    damping = Math.max(damping / 10, 1e-12);
  }
  return { value: null, reason: `the fit did not converge in ${MAX_ITERATIONS} steps` };
}

/** Evaluates the model into `values`; infinite where a value is not finite. */
function sumOfSquares(problem: LeastSquaresProblem, parameters: Float64Array, values: Float64Array): number {
  problem.model(parameters, values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - problem.target[i]) ** 2;
  return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
}

function normalEquations(jacobian: Float64Array, values: Float64Array, target: Float64Array, n: number) {
  const hessian = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  for (let i = 0; i < target.length; i++) {
    const row = i * n;
    const residual = values[i] - target[i];
    for (let j = 0; j < n; j++) {
      gradient[j] += jacobian[row + j] * residual;
      for (let k = 0; k <= j; k++) hessian[j * n + k] += jacobian[row + j] * jacobian[row + k];
    }
  }
  return { hessian, gradient };
}

/** Solves (H + damping diag H) step = -gradient over the free parameters by Cholesky's decomposition. */
function solveDamped(
  hessian: Float64Array,
  gradient: Float64Array,
  free: number[],
  damping: number,
): Float64Array {
  const n = gradient.length;
  const size = free.length;
  const factor = new Float64Array(size * size);
  const step = new Float64Array(size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = hessian[free[a] * n + free[b]];
      // The floor keeps a parameter without influence (a peak of height 0) from making the matrix singular.
      if (a === b) sum += damping * Math.max(sum, 1e-12);
      for (let c = 0; c < b; c++) sum -= factor[a * size + c] * factor[b * size + c];
      factor[a * size + b] = a === b ? Math.sqrt(Math.max(sum, 1e-300)) : sum / factor[b * size + b];
    }
  }
  for (let a = 0; a < size; a++) {
    let sum = -gradient[free[a]];
    for (let c = 0; c < a; c++) sum -= factor[a * size + c] * step[c];
    step[a] = sum / factor[a * size + a];
  }
  for (let a = size - 1; a >= 0; a--) {
    for (let c = a + 1; c < size; c++) step[a] -= factor[c * size + a] * step[c];
    step[a] /= factor[a * size + a];
  }
  return step;
}

function stepped(
  parameters: Float64Array,
  step: Float64Array,
  free: number[],
  lower: Float64Array,
  upper: Float64Array,
): Float64Array {
  const moved = parameters.slice();
  free.forEach((j, a) => {
    moved[j] = Math.min(Math.max(parameters[j] + step[a], lower[j]), upper[j]);
  });
  return moved;
}
