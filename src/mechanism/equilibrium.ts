import { type CellModel, stateKeys } from './cell_model.js';
import type { CellStateValues } from './reference_cell.js';
import { SteadyStates } from './steady_states.js';

/** The steady states of one cell; see {@link SteadyStates}. */
export class Equilibrium {
  private readonly steady: SteadyStates;
  private readonly keys: readonly string[];

  /** `observed` names formulas of the cell that {@link Equilibrium.valueOf} is asked for. */
  constructor(model: CellModel, observed: readonly string[] = []) {
    this.steady = new SteadyStates(model, 1, new Set(), observed);
    this.keys = stateKeys(model);
  }

  /** The states that settle at V, mV. */
  at(V: number): CellStateValues {
    this.steady.V[0] = V;
    this.steady.settle();
    return { V, states: Object.fromEntries(this.keys.map((key, k) => [key, this.steady.states[k][0]])) };
  }

  /** Time constant in ms of a state where it was settled last, of small deviations; infinite where it has none. */
  timeConstantOf(key: string): number {
    const slope = this.steady.slopes.get(key);
    if (slope === undefined) return Number.POSITIVE_INFINITY;
    this.steady.run();
    return -1 / slope[0];
  }

  /** An observed formula where the states were settled last. */
  valueOf(name: string): number {
    this.steady.run();
    return this.steady.observed.get(name)![0];
  }

  /** Current density in uA/cm2, outward positive, that flows at V with every state settled. */
  currentAt(V: number): number {
    this.at(V);
    this.steady.run();
    return this.steady.current[0];
  }
}
