import { Tape } from '../language/tape.js';
import { TapeBuilder } from '../language/tape_builder.js';
import { runBesideSingularities } from './beside_singularity.js';
import { type CellModel, constantOf, stateKeys } from './cell_model.js';
import { CellMoment } from './cell_tape.js';

/**
 * Quantities of a cell (V, states, currents, named formulas) in float64, of the neurons in its lanes: write V, the states
 * and the constants that vary, then run.
 */
export class CellReadout {
  /** mV. */
  readonly V: Float64Array;
  /** In the order of {@link stateKeys}. */
  readonly states: readonly Float64Array[];
  /** Values of the constants that vary, by name; those of the model at first. */
  readonly varied: ReadonlyMap<string, Float64Array>;
  /** In the order of the names; coherent units (mM, uA/cm2, mV, ms). */
  readonly values: readonly Float64Array[];
  private readonly tape: Tape;

  constructor(
    model: CellModel,
    names: readonly string[],
    lanes: number,
    varied: ReadonlySet<string> = new Set(),
  ) {
    const builder = new TapeBuilder();
    const keys = stateKeys(model);
    const V = builder.input('V');
    const given = new Map([...keys, ...varied].map((name) => [name, builder.input(name)]));
    const moment = new CellMoment(builder, model, V, given);
    const registers = names.map((name) => moment.value(name));
    const tape = new Tape(builder, lanes);
    this.tape = tape;
    this.V = tape.values(V);
    this.states = keys.map((key) => tape.input(key)!);
    this.varied = new Map([...varied].map((name) => [name, tape.input(name)!]));
    for (const [name, values] of this.varied) values.fill(constantOf(model, name));
    this.values = registers.map((register) => tape.values(register));
  }

  run(): void {
    runBesideSingularities(this.tape, this.values);
  }
}
