import type { Tape } from '../language/tape.js';

/** So near that curvature does not count, so far that the quotient of two small differences keeps its digits. */
const SHIFT_mV = 1e-4;

/**
 * Runs a tape with the input V. Lanes whose V is at a removable singularity, as 0/0, get the mean of the results from just
 * below and just above.
 */
export function runBesideSingularities(tape: Tape, results: readonly Float64Array[]): void {
  tape.run();
  if (results.every(hasValues)) return;
  const first = results.map((values) => Float64Array.from(values));
  const V = tape.input('V')!;
  const exact = Float64Array.from(V);
  const [below, above] = [-SHIFT_mV, SHIFT_mV].map((shift) => {
    V.set(exact.map((v) => v + shift));
    tape.run();
    return results.map((values) => Float64Array.from(values));
  });
  V.set(exact);
  for (let lane = 0; lane < tape.lanes; lane++) {
    const isGood = first.every((values) => Number.isFinite(values[lane]));
    results.forEach((values, i) => {
      values[lane] = isGood ? first[i][lane] : (below[i][lane] + above[i][lane]) / 2;
    });
  }
}

function hasValues(values: Float64Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}
