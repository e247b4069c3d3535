import { type Register, Tape, TapeBuilder } from '../language/tape.js';
import { runBesideSingularities } from './beside_singularity.js';
import { type CellModel, keysOf, stateKeys } from './cell_model.js';
import { CellMoment } from './cell_tape.js';
import type { CellStateValues } from './reference_cell.js';
import { schemeStep, tapeArithmetic } from './scheme_step.js';
import { LARGEST_GROWTH } from './step_tape.js';

/**
 * Where the states of a start must be for staggered exponential Euler, which has them half a step before V: a function
 * that moves them back by dt/2. A state goes back along its linearisation, but by no more than one of its time constants,
 * since it has forgotten what was before; the states of a scheme go back by as much as they would go on.
 */
export function movedBack(model: CellModel, dtMs: number): (start: CellStateValues) => CellStateValues {
  const builder = new TapeBuilder();
  const V = builder.input('V');
  const inputs = new Map(stateKeys(model).map((key) => [key, builder.input(key)]));
  const moment = new CellMoment(builder, model, V, inputs);
  const half = builder.constant(dtMs / 2);
  const results: Register[] = model.groups.flatMap((group) => {
    const now = keysOf(group).map((key) => inputs.get(key)!);
    if (group.kind === 'scheme') {
      const later = schemeStep(tapeArithmetic(builder), moment.schemeRates(group), now, half);
      return now.map((x, i) => builder.operation('subtract', builder.operation('add', x, x), later[i]));
    }
    return [backward(builder, now[0], moment.stateRate(group), half)];
  });
  const tape = new Tape(builder);
  const values = results.map((register) => tape.values(register));
  return (start) => {
    tape.input('V')!.fill(start.V);
    for (const key of inputs.keys()) tape.input(key)!.fill(start.states[key]);
    runBesideSingularities(tape, values);
    return {
      V: start.V,
      states: Object.fromEntries([...inputs.keys()].map((key, i) => [key, values[i][0]])),
    };
  };
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
