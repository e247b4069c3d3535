import type { CellModel } from './cell_model.js';
import { Equilibrium, solveLinear } from './equilibrium.js';
import type { CellStateValues } from './reference_cell.js';

/** Where a cell without a stable rest starts, mV. */
const SPONTANEOUS_START_mV = -70;
/** Range and grid in which rests are searched, mV. */
const LOWEST_mV = -120;
const HIGHEST_mV = 0;
const GRID_mV = 0.25;

/**
 * The state that a cell rests in without input: its lowest stable fixed point. A cell that has none (it fires by itself)
 * starts at -70 mV with its states settled.
 */
export function restOf(model: CellModel): CellStateValues {
  const equilibrium = new Equilibrium(model);
  let below = equilibrium.currentAt(LOWEST_mV);
  for (let V = LOWEST_mV + GRID_mV; V <= HIGHEST_mV; V += GRID_mV) {
    const current = equilibrium.currentAt(V);
    // A current that turns outward with V pushes back; where it turns inward there is no stable rest.
    if (below < 0 && current >= 0) {
      const rest = zeroBetween(equilibrium, V - GRID_mV, V);
      const state = equilibrium.at(rest);
      if (isStable(equilibrium, state)) return state;
    }
    below = current;
  }
  return equilibrium.at(SPONTANEOUS_START_mV);
}

function zeroBetween(equilibrium: Equilibrium, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let halving = 0; halving < 50; halving++) {
    const middle = (a + b) / 2;
    if (equilibrium.currentAt(middle) < 0) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/**
 * Whether small deviations die out: Cayley's transform (I - A)^-1 (I + A) of the Jacobian takes eigenvalues of negative
 * real part into the unit circle, so its powers shrink; 40 squarings tell which.
 */
function isStable(equilibrium: Equilibrium, { V, states }: CellStateValues): boolean {
  let power = cayley(jacobian(equilibrium, [V, ...Object.values(states)]));
  let logNorm = 0;
  for (let squaring = 0; squaring < 40; squaring++) {
    const norm = Math.sqrt(power.flat().reduce((sum, x) => sum + x * x, 0));
    if (!(norm > 0)) return true;
    logNorm += Math.log(norm);
    if (logNorm < -50) return true;
    if (!(logNorm < 50)) return false;
    const scaled = power.map((row) => row.map((x) => x / norm));
    power = product(scaled, scaled);
    logNorm *= 2;
  }
  return logNorm < 0;
}

function jacobian(equilibrium: Equilibrium, at: readonly number[]): number[][] {
  const columns = at.map((x, j) => {
    const step = 1e-6 * Math.max(Math.abs(x), j === 0 ? 1 : 1e-6);
    const moved = (sign: number) => at.map((value, k) => (k === j ? value + sign * step : value));
    const velocity = (values: readonly number[]) => equilibrium.velocity(values[0], values.slice(1));
    const [above, below] = [velocity(moved(1)), velocity(moved(-1))];
    return above.map((value, i) => (value - below[i]) / (2 * step));
  });
  return at.map((_, i) => columns.map((column) => column[i]));
}

function cayley(A: readonly (readonly number[])[]): number[][] {
  const n = A.length;
  const shifted = (sign: number) => A.map((row, i) => row.map((x, j) => (i === j ? 1 : 0) + sign * x));
  const minus = shifted(-1);
  const plus = shifted(1);
  const columns = Array.from({ length: n }, (_, j) =>
    solveLinear(
      minus,
      plus.map((row) => row[j]),
    ),
  );
  return A.map((_, i) => columns.map((column) => column[i]));
}

function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
}
