import type { Register, TapeBuilder } from '../language/tape_builder.js';

/** What a step of a scheme is written in: registers of a tape, or the text of a shader. */
export interface Arithmetic<Value> {
  constant(value: number): Value;
  add(a: Value, b: Value): Value;
  subtract(a: Value, b: Value): Value;
  multiply(a: Value, b: Value): Value;
  divide(a: Value, b: Value): Value;
}

export const tapeArithmetic = (tape: TapeBuilder): Arithmetic<Register> => ({
  constant: (value) => tape.constant(value),
  add: (a, b) => tape.operation('add', a, b),
  subtract: (a, b) => tape.operation('subtract', a, b),
  multiply: (a, b) => tape.operation('multiply', a, b),
  divide: (a, b) => tape.operation('divide', a, b),
});

/** Rates from each state of a scheme to each; null where there is no transition. */
export type SchemeRates<Value> = readonly (readonly (Value | null)[])[];

/** Coefficient of the L-stable two-stage method of second order (Alexander 1977, SIAM J Numer Anal 14:1006). */
const SCHEME_GAMMA = 1 - Math.SQRT1_2;

/**
 * One step of a kinetic scheme x' = A x as a whole, by Alexander's two-stage implicit method: second order, stable for
 * every step, and it keeps the sum of the states, which state-by-state steps do not. The matrix I - gamma dt A is
 * diagonally dominant by columns, so elimination needs no pivots. Returns the new states.
 */
export function schemeStep<Value>(
  math: Arithmetic<Value>,
  rates: SchemeRates<Value>,
  states: readonly Value[],
  dt: Value,
): Value[] {
  const share = math.multiply(dt, math.constant(SCHEME_GAMMA));
  const solve = factorized(math, shiftedMatrix(math, rates, share));
  const first = solve(schemeSlopes(math, rates, states));
  const rest = math.multiply(dt, math.constant(1 - SCHEME_GAMMA));
  const along = (from: readonly Value[], factor: Value, way: readonly Value[]) =>
    from.map((x, i) => math.add(x, math.multiply(factor, way[i])));
  const middle = along(states, rest, first);
  const next = along(middle, share, solve(schemeSlopes(math, rates, middle)));
  return withSumOne(math, next);
}

/** The states of a scheme with the last as 1 minus the others, so that rounding does not add up. */
export function withSumOne<Value>(math: Arithmetic<Value>, states: readonly Value[]): Value[] {
  const others = states.slice(0, -1);
  return [...others, math.subtract(math.constant(1), others.reduce(math.add))];
}

/** dx/dt of every state of a scheme. */
export function schemeSlopes<Value>(
  math: Arithmetic<Value>,
  rates: SchemeRates<Value>,
  states: readonly Value[],
): Value[] {
  const slopes: (Value | null)[] = states.map(() => null);
  rates.forEach((row, from) => {
    row.forEach((rate, to) => {
      if (rate === null) return;
      const flow = math.multiply(rate, states[from]);
      slopes[from] = math.subtract(slopes[from] ?? math.constant(0), flow);
      slopes[to] = slopes[to] === null ? flow : math.add(slopes[to], flow);
    });
  });
  return slopes.map((slope) => slope ?? math.constant(0));
}

/** I - share A, by rows; null for entries that are 0. */
function shiftedMatrix<Value>(
  math: Arithmetic<Value>,
  rates: SchemeRates<Value>,
  share: Value,
): (Value | null)[][] {
  const scaled = rates.map((row) => row.map((rate) => (rate === null ? null : math.multiply(share, rate))));
  return scaled.map((_, i) =>
    scaled.map((_, j) => {
      const entering = scaled[j][i];
      if (i !== j) return entering === null ? null : math.subtract(math.constant(0), entering);
      return scaled[i].reduce<Value>(
        (sum, leaving) => (leaving === null ? sum : math.add(sum, leaving)),
        math.constant(1),
      );
    }),
  );
}

/** LU factors of a matrix, entries that are always 0 left out; the function solves for a right-hand side. */
function factorized<Value>(
  math: Arithmetic<Value>,
  matrix: (Value | null)[][],
): (right: readonly Value[]) => Value[] {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const minus = (x: Value | null, y: Value) => math.subtract(x ?? math.constant(0), y);
  for (let k = 0; k < n; k++)
    for (let i = k + 1; i < n; i++) {
      const below = a[i][k];
      const pivot = a[k][k];
      if (below === null || pivot === null) continue;
      const factor = math.divide(below, pivot);
      a[i][k] = factor;
      for (let j = k + 1; j < n; j++) {
        const above = a[k][j];
        if (above !== null) a[i][j] = minus(a[i][j], math.multiply(factor, above));
      }
    }
  return (right) => {
    const x = [...right];
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const factor = a[i][j];
        if (factor !== null) x[i] = math.subtract(x[i], math.multiply(factor, x[j]));
      }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) {
        const factor = a[i][j];
        if (factor !== null) x[i] = math.subtract(x[i], math.multiply(factor, x[j]));
      }
      const pivot = a[i][i];
      if (pivot !== null) x[i] = math.divide(x[i], pivot);
    }
    return x;
  };
}
