import { leftOf, structText } from './advance_text.js';
import { type CellModel, stateKeys } from './cell_model.js';
import { CellText, type CellTextOptions, type HoistedValue } from './cell_text.js';
import { exponentialText } from './exponential_wgsl.js';
import { rungeKuttaText } from './runge_kutta_wgsl.js';
import type { CellIntegrator } from './step_tape.js';

export interface StepWgslOptions extends CellTextOptions {
  readonly dtMs: number;
  readonly integrator: CellIntegrator;
  /** States whose steps are summed with compensation; see {@link slowStates}. Schemes are summed as they are. */
  readonly compensated: ReadonlySet<string>;
  /** WGSL of the n-th of {@link StepWgsl.hoisted}. */
  hoistedField(index: number): string;
}

/** The step of a cell as WGSL. */
export interface StepWgsl {
  /**
   * `struct NAME_State` with V and the states, and `fn NAME_advance(s: NAME_State, cell: Cell, start: SynapticInput, half:
   * SynapticInput, full: SynapticInput, I: f32) -> NAME_State`: one step under synaptic input at its start, middle and end
   * (G in mS/cm2, drive in uA/cm2, the current outward is G V - drive) and the stimulus I (uA/cm2). Where neurons differ
   * also `struct NAME_Vary`, and a last parameter `vary` of that type. Uses `relaxation`, `linoid`, `linoid_slope` and
   * `last_place` of shaders/common, the constant DT and the structs Cell and SynapticInput, which are the caller's.
   */
  readonly text: string;
  /** The fields of the state in order: V, the states by key, and `KEY left` for what compensated states have still to move. */
  readonly stateFields: readonly string[];
  /** Their names in NAME_State. */
  readonly stateMembers: readonly string[];
  /** What depends on fields only, for the host to compute before a run. */
  readonly hoisted: readonly HoistedValue[];
}

/** The step of an integrator from the optimised form of a cell's formulas; its float64 twin is stepTape. */
export function stepWgsl(model: CellModel, options: StepWgslOptions): StepWgsl {
  const cell = new CellText(model, options, options.hoistedField);
  const slow = new Set(
    model.groups.flatMap((group) =>
      group.kind === 'state' && options.compensated.has(group.key) ? [group.key] : [],
    ),
  );
  const body =
    options.integrator === 'rk4'
      ? rungeKuttaText(cell, slow)
      : exponentialText(cell, options.dtMs, options.integrator === 'exponential-euler', slow);
  const keys = stateKeys(model);
  const members = ['V', ...keys.map((key) => cell.member(key)), ...[...slow].map((key) => leftOf(cell, key))];
  const { name, vary } = options;
  const values = Array.from({ length: vary }, (_, i) => `value_${i}`);
  return {
    text: [
      structText(`${name}_State`, members),
      ...(vary > 0 ? [structText(`${name}_Vary`, values)] : []),
      body,
    ].join('\n'),
    stateFields: ['V', ...keys, ...[...slow].map((key) => `${key} left`)],
    stateMembers: members,
    hoisted: cell.hoistedValues,
  };
}
