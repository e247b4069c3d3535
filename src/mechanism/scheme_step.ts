import type { Register, TapeBuilder } from '../language/tape.js';

/** Coefficient of the L-stable two-stage method of second order (Alexander 1977, SIAM J Numer Anal 14:1006). */
export const SCHEME_GAMMA = 1 - Math.SQRT1_2;

/**
 * One step of a kinetic scheme x' = A x as a whole, by Alexander's two-stage implicit method: second order, stable for
 * every step, and it keeps the sum of the states, which state-by-state steps do not. `rates[i][j]` leads from i to j. The
 * matrix I - gamma dt A is diagonally dominant by columns, so elimination needs no pivots. Returns the new states.
 */
export function recordSchemeStep(
  tape: TapeBuilder,
  rates: readonly (readonly (Register | null)[])[],
  states: readonly Register[],
  dt: Register,
): Register[] {
  const share = tape.operation('multiply', dt, tape.constant(SCHEME_GAMMA));
  const slopes = (at: readonly Register[]) => schemeSlopes(tape, rates, at);
  const solve = factorized(tape, shiftedMatrix(tape, rates, share));
  const first = solve(slopes(states));
  const rest = tape.operation('multiply', dt, tape.constant(1 - SCHEME_GAMMA));
  const plus = (x: Register, factor: Register, y: Register) =>
    tape.operation('add', x, tape.operation('multiply', factor, y));
  const middle = states.map((x, i) => plus(x, rest, first[i]));
  const second = solve(slopes(middle));
  const next = middle.map((x, i) => plus(x, share, second[i]));
  return withUnitSum(tape, next);
}

/** The last state as 1 minus the others, so that rounding does not add up. */
export function withUnitSum(tape: TapeBuilder, states: readonly Register[]): Register[] {
  const others = states.slice(0, -1);
  const total = others.reduce((sum, x) => tape.operation('add', sum, x));
  return [...others, tape.operation('subtract', tape.constant(1), total)];
}

/** dx/dt of every state of a scheme. */
export function schemeSlopes(
  tape: TapeBuilder,
  rates: readonly (readonly (Register | null)[])[],
  states: readonly Register[],
): Register[] {
  const slopes: (Register | null)[] = states.map(() => null);
  const accumulate = (i: number, flow: Register, operation: 'add' | 'subtract') => {
    const slope = slopes[i] ?? tape.constant(0);
    slopes[i] = tape.operation(operation, slope, flow);
  };
  rates.forEach((row, from) => {
    row.forEach((rate, to) => {
      if (rate === null) return;
      const flow = tape.operation('multiply', rate, states[from]);
      accumulate(from, flow, 'subtract');
      accumulate(to, flow, 'add');
    });
  });
  return slopes.map((slope) => slope ?? tape.constant(0));
}

/** I - share A, by rows; null for entries that are 0. */
function shiftedMatrix(
  tape: TapeBuilder,
  rates: readonly (readonly (Register | null)[])[],
  share: Register,
): (Register | null)[][] {
  const scaled = rates.map((row) =>
    row.map((rate) => (rate === null ? null : tape.operation('multiply', share, rate))),
  );
  return scaled.map((_, i) =>
    scaled.map((_, j) => {
      if (i !== j) return scaled[j][i] === null ? null : tape.operation('negate', scaled[j][i]);
      const leaving = scaled[i].filter((rate) => rate !== null);
      return leaving.reduce((sum, rate) => tape.operation('add', sum, rate), tape.constant(1));
    }),
  );
}

/** LU factors of a matrix, entries that are always 0 left out; the function solves for a right-hand side. */
function factorized(
  tape: TapeBuilder,
  matrix: (Register | null)[][],
): (right: readonly Register[]) => Register[] {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const multiply = (x: Register, y: Register) => tape.operation('multiply', x, y);
  const minus = (x: Register | null, y: Register) =>
    x === null ? tape.operation('negate', y) : tape.operation('subtract', x, y);
  for (let k = 0; k < n; k++)
    for (let i = k + 1; i < n; i++) {
      const below = a[i][k];
      const pivot = a[k][k];
      if (below === null || pivot === null) continue;
      const factor = tape.operation('divide', below, pivot);
      a[i][k] = factor;
      for (let j = k + 1; j < n; j++) {
        const above = a[k][j];
        if (above !== null) a[i][j] = minus(a[i][j], multiply(factor, above));
      }
    }
  return (right) => {
    const x = [...right];
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const factor = a[i][j];
        if (factor !== null) x[i] = minus(x[i], multiply(factor, x[j]));
      }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) {
        const factor = a[i][j];
        if (factor !== null) x[i] = minus(x[i], multiply(factor, x[j]));
      }
      x[i] = tape.operation('divide', x[i], a[i][i] ?? tape.constant(1));
    }
    return x;
  };
}
