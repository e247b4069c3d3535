import { Tape } from '../language/tape.js';
import { type Register, TapeBuilder } from '../language/tape_builder.js';
import { runBesideSingularities } from './beside_singularity.js';
import { type CellModel, constantOf, keysOf, stateKeys } from './cell_model.js';
import { CellMoment } from './cell_tape.js';
import { schemeStep, tapeArithmetic } from './scheme_step.js';
import { LARGEST_GROWTH } from './step_tape.js';

/**
 * Where the states of a start must be for staggered exponential Euler, which has them half a step before V. A state goes
 * back along its linearisation, but by no more than one of its time constants, since it has forgotten what was before; the
 * states of a scheme go back by as much as they would go on. One neuron in each lane.
 */
export class HalfStepBack {
  /** mV. */
  readonly V: Float64Array;
  /** In the order of {@link stateKeys}. */
  readonly states: readonly Float64Array[];
  /** Values of the constants that vary, by name; those of the model at first. */
  readonly varied: ReadonlyMap<string, Float64Array>;
  private readonly tape: Tape;
  private readonly moved: readonly Float64Array[];

  constructor(model: CellModel, dtMs: number, lanes = 1, varied: ReadonlySet<string> = new Set()) {
    const builder = new TapeBuilder();
    const V = builder.input('V');
    const inputs = new Map(stateKeys(model).map((key) => [key, builder.input(key)]));
    const given = new Map([...[...varied].map((name) => [name, builder.input(name)] as const), ...inputs]);
    const moment = new CellMoment(builder, model, V, given);
    const half = builder.constant(dtMs / 2);
    const results: Register[] = model.groups.flatMap((group) => {
      const now = keysOf(group).map((key) => inputs.get(key)!);
      if (group.kind === 'scheme') {
        const later = schemeStep(tapeArithmetic(builder), moment.schemeRates(group), now, half);
        return now.map((x, i) => builder.operation('subtract', builder.operation('add', x, x), later[i]));
      }
      return [backward(builder, now[0], moment.stateRate(group), half)];
    });
    const tape = new Tape(builder, lanes);
    this.tape = tape;
    this.V = tape.values(V);
    this.states = [...inputs.values()].map((register) => tape.values(register));
    this.varied = new Map([...varied].map((name) => [name, tape.input(name)!]));
    for (const [name, values] of this.varied) values.fill(constantOf(model, name));
    this.moved = results.map((register) => tape.values(register));
  }

  /** Moves the states of every lane from the time of V to half a step before it. */
  run(): void {
    runBesideSingularities(this.tape, this.moved);
    this.states.forEach((values, k) => {
      values.set(this.moved[k]);
    });
  }
}

/** x - h relaxation(h slope) rate with h = min(half, 1 / -slope). */
function backward(
  tape: TapeBuilder,
  x: Register,
  { rate, slope }: { readonly rate: Register; readonly slope: Register | null },
  half: Register,
): Register {
  let way = tape.operation('multiply', half, rate);
  if (slope !== null) {
    const decay = tape.operation('negate', slope);
    const least = tape.operation('max', decay, tape.constant(Number.MIN_VALUE));
    const h = tape.operation('min', half, tape.operation('divide', tape.constant(LARGEST_GROWTH), least));
    const growth = tape.operation('relaxation', tape.operation('multiply', h, slope));
    way = tape.operation('multiply', tape.operation('multiply', h, rate), growth);
  }
  return tape.operation('subtract', x, way);
}
