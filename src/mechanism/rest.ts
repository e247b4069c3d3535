import { type CellModel, stateKeys } from './cell_model.js';
import type { CellStateValues } from './reference_cell.js';
import { solveLinear } from './solve_linear.js';
import { SteadyStates } from './steady_states.js';

/** Where a cell without a stable rest starts, mV. */
const SPONTANEOUS_START_mV = -70;
/** Range in which rests are searched, mV, in strides, and in a grid where the current comes near to 0. */
const LOWEST_mV = -120;
const HIGHEST_mV = 0;
const STRIDE_mV = 1;
const GRID_mV = 0.25;
/** Steps of the search for a zero at most, and how far it still goes at its end, relative. */
const MOST_STEPS = 60;
const LEAST_STEP = 1e-14;

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
  const rest = new Float64Array(steady.lanes).fill(Number.NaN);
  const lanes = [...rest.keys()];
  // Grid points below which the current turns outward with V, which pushes back; where it turns inward is no stable rest.
  const turns = lanes.map((): number[] => []);
  const tried = lanes.map(() => 0);
  const isOpen = (lane: number) => Number.isNaN(rest[lane]);
  const hasTurn = (lane: number) => tried[lane] < turns[lane].length;
  const scan = new Scan(steady);
  for (let V = LOWEST_mV; V < HIGHEST_mV && lanes.some(isOpen); V += STRIDE_mV) {
    scan.stride(V, (lane, turn) => turns[lane].push(turn));
    const isEnd = V + STRIDE_mV >= HIGHEST_mV;
    // Lanes are tried together, when each has a turn.
    while (lanes.some((lane) => isOpen(lane) && hasTurn(lane))) {
      if (!isEnd && !lanes.every((lane) => !isOpen(lane) || hasTurn(lane))) break;
      const zero = zeroBelow(
        steady,
        Float64Array.from(lanes, (lane) => turns[lane][tried[lane]]),
      );
      const isStable = stabilityAt(steady, zero);
      for (const lane of lanes) {
        if (!isOpen(lane) || !hasTurn(lane)) continue;
        if (isStable[lane]) rest[lane] = zero[lane];
        else tried[lane]++;
      }
    }
  }
  steady.V.set(rest.map((V) => (Number.isNaN(V) ? SPONTANEOUS_START_mV : V)));
  steady.settle();
}

/** The search for turns of the current from the lowest V on, in all lanes. */
class Scan {
  private readonly lanes: readonly number[];
  private readonly isNear: (lane: number) => boolean;
  private before: Float64Array;
  private below: Float64Array;
  private above: Float64Array;

  constructor(private readonly steady: SteadyStates) {
    this.lanes = [...steady.V.keys()];
    this.above = currentsAtOne(steady, LOWEST_mV);
    this.below = this.above;
    this.before = this.above;
    // Between two points the current may have come to 0 and gone again where it is no further off than it has moved.
    this.isNear = (lane) => {
      const [before, below, above] = [this.before[lane], this.below[lane], this.above[lane]];
      const moved = Math.abs(above - below) + Math.abs(below - before);
      return Math.min(Math.abs(below), Math.abs(above)) <= moved;
    };
  }

  /** Gives the grid point above each turn from V to a stride above it. */
  stride(V: number, turn: (lane: number, grid: number) => void): void {
    this.before = this.below;
    this.below = this.above;
    this.above = currentsAtOne(this.steady, V + STRIDE_mV);
    const near = this.lanes.filter(this.isNear);
    let below = this.below;
    for (let grid = V + GRID_mV; near.length > 0 && grid <= V + STRIDE_mV; grid += GRID_mV) {
      const above = grid < V + STRIDE_mV ? currentsAtOne(this.steady, grid) : this.above;
      for (const lane of near) if (below[lane] < 0 && above[lane] >= 0) turn(lane, grid);
      below = above;
    }
  }
}

/** The current of every lane at its V with every state settled, uA/cm2, outward positive. */
function currentsAt(steady: SteadyStates, V: Float64Array): Float64Array {
  steady.V.set(V);
  steady.settle();
  steady.run();
  return steady.current.slice();
}

const currentsAtOne = (steady: SteadyStates, V: number): Float64Array =>
  currentsAt(steady, new Float64Array(steady.lanes).fill(V));

/**
 * Where the current is 0 between a grid point, in each lane its own (NaN: none), and the one below: by false position, halving
 * the end that stays (the Illinois rule).
 */
function zeroBelow(steady: SteadyStates, grid: Float64Array): Float64Array {
  const searched = [...grid.keys()].filter((lane) => !Number.isNaN(grid[lane]));
  const V = grid.map((above) => (Number.isNaN(above) ? SPONTANEOUS_START_mV : above));
  const ends = [V.map((above) => above - GRID_mV), V.slice()];
  const currents = ends.map((end) => currentsAt(steady, end));
  const moved = new Int8Array(grid.length).fill(-1);
  let open = searched;
  for (let step = 0; step < MOST_STEPS && open.length > 0; step++) {
    const last = V.slice();
    for (const lane of open) {
      const [low, high] = ends.map((end) => end[lane]);
      const [a, b] = currents.map((current) => current[lane]);
      V[lane] = b === a ? high : high - (b * (high - low)) / (b - a);
    }
    const found = currentsAt(steady, V);
    for (const lane of open) {
      const side = found[lane] < 0 ? 0 : 1;
      ends[side][lane] = V[lane];
      currents[side][lane] = found[lane];
      if (moved[lane] === side) currents[1 - side][lane] /= 2;
      moved[lane] = side;
    }
    open = open.filter(
      (lane) => found[lane] !== 0 && Math.abs(V[lane] - last[lane]) > LEAST_STEP * Math.abs(V[lane]),
    );
  }
  return V;
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
