import { type CellModel, stateKeys } from './cell_model.js';
import { CellSteps } from './cell_steps.js';
import type { CellIntegrator } from './step_tape.js';

/** V in mV and every state by its key. */
export interface CellStateValues {
  readonly V: number;
  readonly states: Readonly<Record<string, number>>;
}

/** Cells without synapses in float64, started from V and states of one moment; `lanes` of them under stimuli of their own. */
export class ReferenceCell {
  private readonly steps: CellSteps;
  /** V and the states, by key. */
  private readonly values: ReadonlyMap<string, Float64Array>;
  private isStarting = true;

  constructor(
    model: CellModel,
    private readonly integrator: CellIntegrator,
    readonly dtMs: number,
    readonly lanes = 1,
  ) {
    this.steps = new CellSteps(model, integrator, lanes);
    this.steps.dt.fill(dtMs);
    this.values = new Map([
      ['V', this.steps.V],
      ...stateKeys(model).map((key, i) => [key, this.steps.states[i]] as const),
    ]);
  }

  /** V or a state of every lane; may be written between steps. */
  of(key: string): Float64Array {
    const values = this.values.get(key);
    if (!values)
      throw new RangeError(`the cell has no state "${key}"; it has ${[...this.values.keys()].join(', ')}`);
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
    this.steps.statesDt.fill(isHalf ? this.dtMs / 2 : this.dtMs);
    if (typeof stimulus_uA_cm2 === 'number') this.steps.I.fill(stimulus_uA_cm2);
    else this.steps.I.set(stimulus_uA_cm2);
    this.steps.run();
  }
}
