import { Tape } from '../language/tape.js';
import { runBesideSingularities } from './beside_singularity.js';
import { type CellModel, constantOf, stateKeys } from './cell_model.js';
import { type CellIntegrator, MOMENTS, type Moment, stepTape } from './step_tape.js';

/** Synaptic current G V - drive, outward, of every lane: mS/cm2 and uA/cm2. */
export interface SynapticValues {
  readonly G: Float64Array;
  readonly drive: Float64Array;
}

/**
 * Neurons of one cell type in float64, one in each lane and all stepped together, which makes each cheaper: the reference
 * for what the GPU computes from the optimised form. Every array has one value a lane and may be written between steps.
 */
export class CellSteps {
  /** mV. */
  readonly V: Float64Array;
  /** In the order of {@link stateKeys}. */
  readonly states: readonly Float64Array[];
  /** Stimulus, uA/cm2, depolarising where positive. */
  readonly I: Float64Array;
  /** At the start, middle and end of the step; see {@link MOMENTS}. */
  readonly synapses: Readonly<Record<Moment, SynapticValues>>;
  /** ms. */
  readonly dt: Float64Array;
  /** How far the states move in staggered exponential Euler, ms: dt, or half of it where they are at the time of V. */
  readonly statesDt: Float64Array;
  /** Values of the constants that vary, by name; those of the model at first. */
  readonly varied: ReadonlyMap<string, Float64Array>;
  private readonly tape: Tape;
  private readonly after: readonly Float64Array[];

  constructor(
    model: CellModel,
    integrator: CellIntegrator,
    readonly lanes: number,
    varied: ReadonlySet<string> = new Set(),
  ) {
    const { builder, V, states } = stepTape(model, integrator, varied);
    const results = [V, ...states.values()];
    const tape = new Tape(builder, lanes, results);
    this.tape = tape;
    const input = (name: string): Float64Array => tape.input(name)!;
    this.V = input('V');
    this.states = stateKeys(model).map(input);
    this.I = input('I');
    const [start, half, full] = MOMENTS.map((at) => ({ G: input(`G ${at}`), drive: input(`drive ${at}`) }));
    this.synapses = { start, half, full };
    this.dt = input('dt');
    this.statesDt = input('statesDt');
    this.varied = new Map([...varied].map((name) => [name, input(name)]));
    for (const [name, values] of this.varied) values.fill(constantOf(model, name));
    this.after = results.map((register) => tape.values(register));
  }

  /** Advances every lane by one step; V and the states are then those after it. */
  run(): void {
    const { V, states, after } = this;
    runBesideSingularities(this.tape, after);
    V.set(after[0]);
    states.forEach((values, i) => {
      values.set(after[i + 1]);
    });
  }
}
