import { type Register, TapeBuilder } from '../language/tape_builder.js';
import { type CellModel, isAtWholeSteps, keysOf, stateKeys } from './cell_model.js';
import { type CellInput, CellMoment, type RateAndSlope } from './cell_tape.js';
import { schemeSlopes, schemeStep, tapeArithmetic, withSumOne } from './scheme_step.js';

export const CELL_INTEGRATORS = ['exponential-euler', 'exponential-euler-simultaneous', 'rk4'] as const;
export type CellIntegrator = (typeof CELL_INTEGRATORS)[number];

/**
 * Moments of a step for which synaptic input is given: rk4 reads all, the staggered form the middle, the simultaneous one the
 * start.
 */
export const MOMENTS = ['start', 'half', 'full'] as const;
export type Moment = (typeof MOMENTS)[number];

/**
 * One step of a cell as a tape. Its inputs: V, I, dt, statesDt, the states, `G start`, `drive start` and so on for each
 * {@link Moment}, and the constants that vary. Its results: V and the states after the step.
 */
export interface StepTape {
  readonly builder: TapeBuilder;
  readonly V: Register;
  /** By key. */
  readonly states: ReadonlyMap<string, Register>;
}

/** Largest exponent by which a step may grow: an instantaneous gate makes V run away for a while. */
export const LARGEST_GROWTH = 1;

/**
 * The step of an integrator in float64. `exponential-euler`: every state takes the exponential step of its linearisation,
 * exact where it is linear in itself; V is computed at whole steps and the states at half steps, and a state that reads another
 * takes the mean of its values before and after, so the step is of second order. States that start at the time of V move
 * by half of dt in the first step, which `statesDt` says. `-simultaneous`: everything from the values before the step; first
 * order. `rk4`: classical Runge-Kutta. Constants named in `varied` are inputs.
 */
export function stepTape(
  model: CellModel,
  integrator: CellIntegrator,
  varied: ReadonlySet<string> = new Set(),
): StepTape {
  const builder = new TapeBuilder();
  const I = builder.input('I');
  const inputAt = (moment: Moment): CellInput => ({
    I,
    synapses: { G: builder.input(`G ${moment}`), drive: builder.input(`drive ${moment}`) },
  });
  const inputs: Inputs = {
    V: builder.input('V'),
    dt: builder.input('dt'),
    statesDt: builder.input('statesDt'),
    start: inputAt('start'),
    half: inputAt('half'),
    full: inputAt('full'),
    states: new Map(stateKeys(model).map((key) => [key, builder.input(key)])),
    varied: new Map([...varied].map((name) => [name, builder.input(name)])),
  };
  switch (integrator) {
    case 'exponential-euler':
      return { builder, ...staggered(builder, model, inputs) };
    case 'exponential-euler-simultaneous':
      return { builder, ...simultaneous(builder, model, inputs) };
    case 'rk4':
      return { builder, ...rungeKutta4(builder, model, inputs) };
    default:
      return integrator satisfies never;
  }
}

interface Inputs extends Readonly<Record<Moment, CellInput>> {
  readonly V: Register;
  readonly dt: Register;
  readonly statesDt: Register;
  readonly states: ReadonlyMap<string, Register>;
  readonly varied: ReadonlyMap<string, Register>;
}
type Outputs = Pick<StepTape, 'V' | 'states'>;

/** x + dt relaxation(-dt slope) rate */
function exponentialStep(
  tape: TapeBuilder,
  x: Register,
  { rate, slope }: RateAndSlope,
  dt: Register,
): Register {
  let way = tape.operation('multiply', dt, rate);
  if (slope !== null) {
    const decay = tape.operation('negate', tape.operation('multiply', dt, slope));
    const limited = tape.operation('max', decay, tape.constant(-LARGEST_GROWTH));
    way = tape.operation('multiply', way, tape.operation('relaxation', limited));
  }
  return tape.operation('add', x, way);
}

function staggered(tape: TapeBuilder, model: CellModel, inputs: Inputs): Outputs {
  const next = new Map<string, Register>();
  /** What V takes of each state. */
  const taken = new Map<string, Register>();
  const atMiddle = new Map([...inputs.varied, ...inputs.states]);
  const held = new Set<Register>();
  for (const group of model.groups) {
    const moment = new CellMoment(tape, model, inputs.V, new Map(atMiddle), new Set(held));
    const before = keysOf(group).map((key) => inputs.states.get(key)!);
    const after =
      group.kind === 'state'
        ? [exponentialStep(tape, before[0], moment.stateRate(group), inputs.statesDt)]
        : schemeStep(tapeArithmetic(tape), moment.schemeRates(group), before, inputs.statesDt);
    keysOf(group).forEach((key, i) => {
      next.set(key, after[i]);
      const mean = tape.operation('multiply', tape.constant(0.5), tape.operation('add', before[i], after[i]));
      atMiddle.set(key, mean);
      held.add(mean);
      taken.set(key, isAtWholeSteps(group) ? mean : after[i]);
    });
  }
  const given = new Map([...inputs.varied, ...taken]);
  const moment = new CellMoment(tape, model, inputs.V, given, new Set(taken.values()));
  return { V: exponentialStep(tape, inputs.V, moment.potentialRate(inputs.half), inputs.dt), states: next };
}

function simultaneous(tape: TapeBuilder, model: CellModel, inputs: Inputs): Outputs {
  const { V, dt, states } = inputs;
  const moment = new CellMoment(tape, model, V, new Map([...inputs.varied, ...states]));
  const next = new Map<string, Register>();
  for (const group of model.groups) {
    const before = keysOf(group).map((key) => states.get(key)!);
    const after =
      group.kind === 'state'
        ? [exponentialStep(tape, before[0], moment.stateRate(group), dt)]
        : schemeStep(tapeArithmetic(tape), moment.schemeRates(group), before, dt);
    keysOf(group).forEach((key, i) => {
      next.set(key, after[i]);
    });
  }
  return { V: exponentialStep(tape, V, moment.potentialRate(inputs.start), dt), states: next };
}

function rungeKutta4(tape: TapeBuilder, model: CellModel, inputs: Inputs): Outputs {
  const { V, dt, states } = inputs;
  const keys = [...states.keys()];
  const start = [V, ...keys.map((key) => states.get(key)!)];
  const slopesAt = (values: readonly Register[], input: CellInput): Register[] => {
    const at = new Map([...inputs.varied, ...keys.map((key, i) => [key, values[i + 1]] as const)]);
    const moment = new CellMoment(tape, model, values[0], at);
    const slopes = model.groups.flatMap((group) =>
      group.kind === 'state'
        ? [moment.formula(group.rate)]
        : schemeSlopes(
            tapeArithmetic(tape),
            moment.schemeRates(group),
            group.keys.map((key) => at.get(key)!),
          ),
    );
    return [moment.potentialSlope(input), ...slopes];
  };
  const along = (slopes: readonly Register[], share: number) => {
    const way = tape.operation('multiply', dt, tape.constant(share));
    return start.map((x, i) => tape.operation('add', x, tape.operation('multiply', way, slopes[i])));
  };
  const k1 = slopesAt(start, inputs.start);
  const k2 = slopesAt(along(k1, 0.5), inputs.half);
  const k3 = slopesAt(along(k2, 0.5), inputs.half);
  const k4 = slopesAt(along(k3, 1), inputs.full);
  const mean = k1.map((_, i) => {
    const inner = tape.operation('multiply', tape.constant(2), tape.operation('add', k2[i], k3[i]));
    const total = tape.operation('add', tape.operation('add', k1[i], inner), k4[i]);
    return tape.operation('divide', total, tape.constant(6));
  });
  const [nextV, ...moved] = along(mean, 1);
  const next = new Map(keys.map((key, i) => [key, moved[i]]));
  for (const group of model.groups) {
    if (group.kind === 'state') continue;
    const sums = withSumOne(
      tapeArithmetic(tape),
      group.keys.map((key) => next.get(key)!),
    );
    group.keys.forEach((key, i) => {
      next.set(key, sums[i]);
    });
  }
  return { V: nextV, states: next };
}
