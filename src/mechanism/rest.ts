import { type CellModel, stateKeys } from './cell_model.js';
import type { CellStateValues } from './reference_cell.js';
import { solveLinear } from './solve_linear.js';
import { SteadyStates } from './steady_states.js';

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
  const steady = new SteadyStates(model);
  settleAtRest(steady);
  const { V, states } = steady;
  return { V: V[0], states: Object.fromEntries(stateKeys(model).map((key, k) => [key, states[k][0]])) };
}

/** Puts the cell of every lane where it rests; see {@link restOf}. */
export function settleAtRest(steady: SteadyStates): void {
  const { lanes } = steady;
  const rest = new Float64Array(lanes).fill(Number.NaN);
  // Where the current turns outward with V, which pushes back; where it turns inward there is no stable rest.
  const turns = Array.from(rest, () => [] as number[]);
  const tried = new Uint16Array(lanes);
  const isOpen = (lane: number) => Number.isNaN(rest[lane]);
  const hasTurn = (lane: number) => tried[lane] < turns[lane].length;
  const all = Array.from(rest.keys());
  let below = currentsAt(
    steady,
    rest.map(() => LOWEST_mV),
  );
  for (let V = LOWEST_mV + GRID_mV; V <= HIGHEST_mV && all.some(isOpen); V += GRID_mV) {
    const currents = currentsAt(
      steady,
      rest.map(() => V),
    );
    for (const lane of all) if (below[lane] < 0 && currents[lane] >= 0) turns[lane].push(V);
    below = currents;
    const isEnd = V + GRID_mV > HIGHEST_mV;
    // Lanes are tried together, when each has a turn.
    while (all.some((lane) => isOpen(lane) && hasTurn(lane))) {
      if (!isEnd && !all.every((lane) => !isOpen(lane) || hasTurn(lane))) break;
      const turn = rest.map((_, lane) => turns[lane][tried[lane]] ?? HIGHEST_mV);
      const zero = zeroBelow(steady, turn);
      const isStable = stabilityAt(steady, zero);
      for (const lane of all) {
        if (!isOpen(lane) || !hasTurn(lane)) continue;
        if (isStable[lane]) rest[lane] = zero[lane];
        else tried[lane]++;
      }
    }
  }
  steady.V.set(rest.map((V) => (Number.isNaN(V) ? SPONTANEOUS_START_mV : V)));
  steady.settle();
}

/** The current of every lane at its V with every state settled, uA/cm2, outward positive. */
function currentsAt(steady: SteadyStates, V: Float64Array): Float64Array {
  steady.V.set(V);
  steady.settle();
  steady.run();
  return steady.current.slice();
}

/** Where the current is 0 between a grid point, in each lane its own, and the one below. */
function zeroBelow(steady: SteadyStates, grid: Float64Array): Float64Array {
  const a = grid.map((V) => V - GRID_mV);
  const b = grid.slice();
  const middle = () => a.map((low, lane) => (low + b[lane]) / 2);
  for (let halving = 0; halving < 50; halving++) {
    const V = middle();
    const currents = currentsAt(steady, V);
    V.forEach((between, lane) => {
      if (currents[lane] < 0) a[lane] = between;
      else b[lane] = between;
    });
  }
  return middle();
}

/**
 * Whether small deviations from the settled states at V die out: Cayley's transform (I - A)^-1 (I + A) of the Jacobian takes
 * eigenvalues of negative real part into the unit circle, so its powers shrink; 40 squarings tell which.
 */
function stabilityAt(steady: SteadyStates, V: Float64Array): boolean[] {
  steady.V.set(V);
  steady.settle();
  return jacobians(steady).map((jacobian) => {
    let power = cayley(jacobian);
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
  });
}

/** Derivatives of the rates of V and the states by each of these, of every lane where it stands. */
function jacobians(steady: SteadyStates): number[][][] {
  const variables = [steady.V, ...steady.states];
  const velocities = () => {
    steady.run();
    return steady.V.reduce<number[][]>((all, _, lane) => {
      all.push([steady.potentialRate(lane), ...steady.rates.map((rate) => rate[lane])]);
      return all;
    }, []);
  };
  const columns = variables.map((values, j) => {
    const at = values.slice();
    const steps = at.map((x) => 1e-6 * Math.max(Math.abs(x), j === 0 ? 1 : 1e-6));
    values.set(at.map((x, lane) => x + steps[lane]));
    const above = velocities();
    values.set(at.map((x, lane) => x - steps[lane]));
    const below = velocities();
    values.set(at);
    return above.map((rates, lane) => rates.map((rate, i) => (rate - below[lane][i]) / (2 * steps[lane])));
  });
  return Array.from({ length: steady.lanes }, (_, lane) =>
    variables.map((_, i) => columns.map((column) => column[lane][i])),
  );
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
