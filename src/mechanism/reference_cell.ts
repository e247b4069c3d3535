import { Tape } from '../language/tape.js';
import type { CellModel } from './cell_model.js';
import { type CellIntegrator, stepTape } from './step_tape.js';

/** V in mV and every state by its key. */
export interface CellStateValues {
  readonly V: number;
  readonly states: Readonly<Record<string, number>>;
}

/**
 * Neurons of one cell type in float64, stepped together: `lanes` of them, which makes each cheaper. The reference for
 * what the GPU computes from the optimised form.
 */
export class ReferenceCell {
  private readonly tape: Tape;
  /** V and the states before and after a step, by key. */
  private readonly before: ReadonlyMap<string, Float64Array>;
  private readonly after: ReadonlyMap<string, Float64Array>;
  private readonly stimulus: Float64Array;
  private readonly statesDt: Float64Array;
  private isStarting = true;

  constructor(
    model: CellModel,
    private readonly integrator: CellIntegrator,
    readonly dtMs: number,
    readonly lanes = 1,
  ) {
    const program = stepTape(model, integrator);
    const tape = new Tape(program.builder, lanes);
    const results = [['V', program.V] as const, ...program.states];
    this.tape = tape;
    this.after = new Map(results.map(([key, register]) => [key, tape.values(register)]));
    this.before = new Map(results.map(([key]) => [key, tape.input(key)!]));
    this.stimulus = tape.input('stimulus')!;
    this.statesDt = tape.input('statesDt')!;
    tape.input('dt')!.fill(dtMs);
  }

  /** V or a state of every lane; may be written between steps. */
  of(key: string): Float64Array {
    const values = this.before.get(key);
    if (!values)
      throw new RangeError(`the cell has no state "${key}"; it has ${[...this.before.keys()].join(', ')}`);
    return values;
  }

  /** Starts every lane from one state. */
  load({ V, states }: CellStateValues): void {
    this.of('V').fill(V);
    for (const [key, value] of Object.entries(states)) this.of(key).fill(value);
    this.isStarting = true;
  }

  /** Advances by dt under a stimulus in uA/cm2, depolarising where positive: one for all lanes or one for each. */
  step(stimulus_uA_cm2: number | ArrayLike<number>): void {
    // Staggered states go to the middle of the step first, and from there by whole steps.
    const isHalf = this.isStarting && this.integrator === 'exponential-euler';
    this.isStarting = false;
    this.statesDt.fill(isHalf ? this.dtMs / 2 : this.dtMs);
    if (typeof stimulus_uA_cm2 === 'number') this.stimulus.fill(stimulus_uA_cm2);
    else this.stimulus.set(stimulus_uA_cm2);
    this.tape.run();
    if (!this.isFinite()) this.repeatBesideSingularity();
    for (const [key, values] of this.after) this.before.get(key)?.set(values);
  }

  private isFinite(): boolean {
    for (const values of this.after.values())
      for (const value of values) if (!Number.isFinite(value)) return false;
    return true;
  }

  /** Where V is at a removable singularity, as 0/0: the mean of the steps from just below and just above. */
  private repeatBesideSingularity(): void {
    const results = [...this.after.values()];
    const first = results.map((values) => Float64Array.from(values));
    const V = Float64Array.from(this.of('V'));
    const sides = [-SHIFT_mV, SHIFT_mV].map((shift) => {
      this.of('V').set(V.map((v) => v + shift));
      this.tape.run();
      return results.map((values) => Float64Array.from(values));
    });
    for (let lane = 0; lane < this.lanes; lane++) {
      const isGood = first.every((values) => Number.isFinite(values[lane]));
      results.forEach((values, i) => {
        values[lane] = isGood ? first[i][lane] : (sides[0][i][lane] + sides[1][i][lane]) / 2;
      });
    }
  }
}

/** So near that curvature does not count, so far that the quotient of two small differences keeps its digits. */
const SHIFT_mV = 1e-4;
