import type { CellModel } from '../../src/index.js';
import { stateKeys } from '../../src/mechanism/cell_model.js';
import { CellReadout } from '../../src/mechanism/cell_readout.js';
import { Equilibrium } from '../../src/mechanism/equilibrium.js';
import type { Mechanism } from '../../src/mechanism/mechanism.js';
import { ReferenceCell } from '../../src/mechanism/reference_cell.js';

/** Range and grid of V, mV. */
const FROM_mV = -110;
const TO_mV = 50;
const STEP_mV = 1;

/** The voltage clamp of the peak current: where V is held before, how long after the step the peak is looked for, and dt. */
export const HOLD_mV = -90;
export const CLAMP_ms = 25;
const DT_ms = 0.05;

/** A state over V. */
export interface StateCurve {
  readonly name: string;
  /** What it is in; empty for a share. */
  readonly unit: string;
  /** Where it settles while V is held. */
  readonly inf: Float64Array;
  /** Time constant in ms; null where it follows at once or settles with its scheme. */
  readonly tauMs: Float64Array | null;
}

/** A mechanism over V, as it is in a cell. */
export interface MechanismCurves {
  readonly V_mV: Float64Array;
  readonly states: readonly StateCurve[];
  /** Current density in uA/cm2, outward positive; null for a pool. */
  readonly current: {
    /** With every state of the cell settled. */
    readonly steady: Float64Array;
    /** The largest in {@link CLAMP_ms} after a step from {@link HOLD_mV}. */
    readonly peak: Float64Array;
  } | null;
}

/** Curves of the mechanism under a label of a cell, in float64. */
export function mechanismCurves(cell: CellModel, label: string, mechanism: Mechanism): MechanismCurves {
  const V_mV = Float64Array.from(
    { length: (TO_mV - FROM_mV) / STEP_mV + 1 },
    (_, i) => FROM_mV + i * STEP_mV,
  );
  const values = () => new Float64Array(V_mV.length);
  const inCell = (name: string) => `${label}.${name}`;
  const inScheme = new Set(mechanism.scheme?.states);
  const current = mechanism.current ? inCell('I') : null;
  const following = [...mechanism.states.values()].filter(({ form }) => form.kind === 'instantaneous');
  const states = [...mechanism.states.values()].map(
    ({ name, form }): StateCurve => ({
      name,
      unit: mechanism.kind === 'pool' && name === `${mechanism.ion}_in` ? 'mM' : '',
      inf: values(),
      tauMs: form.kind === 'instantaneous' ? null : values(),
    }),
  );
  for (const name of inScheme) states.push({ name, unit: '', inf: values(), tauMs: null });

  const observed = [...following.map(({ name }) => inCell(name)), ...(current ? [current] : [])];
  const equilibrium = new Equilibrium(cell, observed);
  const steady = values();
  V_mV.forEach((V, i) => {
    const settled = equilibrium.at(V);
    for (const { name, inf, tauMs } of states) {
      inf[i] = settled.states[inCell(name)] ?? equilibrium.valueOf(inCell(name));
      if (tauMs) tauMs[i] = equilibrium.timeConstantOf(inCell(name));
    }
    if (current) steady[i] = equilibrium.valueOf(current);
  });
  return {
    V_mV,
    states,
    current: current === null ? null : { steady, peak: peakCurrent(cell, current, equilibrium, V_mV) },
  };
}

/** The current of largest size in the time after V steps from the holding potential to each V, all side by side. */
function peakCurrent(
  cell: CellModel,
  current: string,
  equilibrium: Equilibrium,
  V_mV: Float64Array,
): Float64Array {
  const clamped = new ReferenceCell(cell, 'exponential-euler-simultaneous', DT_ms, V_mV.length);
  const readout = new CellReadout(cell, [current], V_mV.length);
  clamped.load(equilibrium.at(HOLD_mV));
  const keys = stateKeys(cell);
  const peak = new Float64Array(V_mV.length);
  for (let step = 0; step <= CLAMP_ms / DT_ms; step++) {
    clamped.of('V').set(V_mV);
    readout.V.set(V_mV);
    readout.states.forEach((state, k) => {
      state.set(clamped.of(keys[k]));
    });
    readout.run();
    readout.values[0].forEach((I, i) => {
      if (Math.abs(I) > Math.abs(peak[i])) peak[i] = I;
    });
    clamped.step(0);
  }
  return peak;
}
