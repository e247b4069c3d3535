import { type CellModel, MEMBRANE_CURRENT, stateKeys } from './cell_model.js';
import { CellReadout } from './cell_readout.js';
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
  const meter = new CellReadout(model, names, 1);
  const keys = stateKeys(model);
  const values = names.map(() => new Float64Array(steps + 1));
  const potentialAt = (step: number): number => {
    const timeMs = step * dtMs;
    return timeMs >= onMs - dtMs / 2 && timeMs < offMs - dtMs / 2 ? level_mV : hold_mV;
  };
  for (let step = 0; step <= steps; step++) {
    // The current of a moment is that of the potential held from then on.
    cell.of('V').fill(potentialAt(step));
    meter.V.set(cell.of('V'));
    meter.states.forEach((state, i) => {
      state.set(cell.of(keys[i]));
    });
    meter.run();
    meter.values.forEach(([value], i) => {
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
