import { Tape, TapeBuilder } from '../language/tape.js';
import { type CellModel, MEMBRANE_CURRENT, stateKeys } from './cell_model.js';
import { CellMoment } from './cell_tape.js';
import { Equilibrium } from './equilibrium.js';
import { ReferenceCell } from './reference_cell.js';

/** A step of the held potential. */
export interface ClampProtocol {
  /** Potential before and after, mV, at which the states are settled. */
  readonly hold_mV: number;
  readonly level_mV: number;
  readonly onMs: number;
  readonly offMs: number;
  readonly durationMs: number;
}

export interface ClampCurrents {
  readonly timesMs: Float64Array;
  /** Sum over the membrane, uA/cm2, outward positive. */
  readonly total: Float64Array;
  /** By the labels of the membrane. */
  readonly currents: ReadonlyMap<string, Float64Array>;
}

/** Currents through a cell's membrane whose potential is held, in float64: at 0 and after every step of dt. */
export function clampCell(model: CellModel, protocol: ClampProtocol, dtMs: number): ClampCurrents {
  const { hold_mV, level_mV, onMs, offMs, durationMs } = protocol;
  const steps = Math.round(durationMs / dtMs);
  // V is constant within a step, so steps from the values before are exact for states that read V alone.
  const cell = new ReferenceCell(model, 'exponential-euler-simultaneous', dtMs);
  cell.load(new Equilibrium(model).at(hold_mV));
  const names = [MEMBRANE_CURRENT, ...model.currents.map((label) => `${label}.I`)];
  const meter = currentMeter(model, names);
  const values = names.map(() => new Float64Array(steps + 1));
  const potentialAt = (step: number): number => {
    const timeMs = step * dtMs;
    return timeMs >= onMs - dtMs / 2 && timeMs < offMs - dtMs / 2 ? level_mV : hold_mV;
  };
  for (let step = 0; step <= steps; step++) {
    // The current of a moment is that of the potential held from then on.
    cell.of('V').fill(potentialAt(step));
    meter(cell).forEach((value, i) => {
      values[i][step] = value;
    });
    if (step < steps) cell.step(0);
  }
  return {
    timesMs: Float64Array.from({ length: steps + 1 }, (_, step) => step * dtMs),
    total: values[0],
    currents: new Map(model.currents.map((label, i) => [label, values[i + 1]])),
  };
}

/** So near a removable singularity that the mean of both sides is the value there. */
const SHIFT_mV = 1e-4;

/** Reads currents of a cell at the values that it has. */
function currentMeter(model: CellModel, names: readonly string[]): (cell: ReferenceCell) => number[] {
  const builder = new TapeBuilder();
  const keys = stateKeys(model);
  const V = builder.input('V');
  const moment = new CellMoment(builder, model, V, new Map(keys.map((key) => [key, builder.input(key)])));
  const registers = names.map((name) => moment.value(name));
  const tape = new Tape(builder);
  const currentsAt = (potential: number): number[] => {
    tape.input('V')!.fill(potential);
    tape.run();
    return registers.map((register) => tape.values(register)[0]);
  };
  return (cell) => {
    for (const key of keys) tape.input(key)!.set(cell.of(key));
    const [potential] = cell.of('V');
    const values = currentsAt(potential);
    if (values.every(Number.isFinite)) return values;
    const [below, above] = [-SHIFT_mV, SHIFT_mV].map((shift) => currentsAt(potential + shift));
    return below.map((value, i) => (value + above[i]) / 2);
  };
}
