import type { Expression } from '../language/expression.js';
import type { Limits } from '../text/quantity.js';
import type { Transition } from './mechanism.js';

/**
 * A cell as one system of equations. Every name is unique in it: `V`, `na.m`, `ca.Ca_in`, `t.tauMax`; `na.I` is a current
 * density and `I_Ca` the sum over an ion. All numbers are in the coherent units (mV, ms, uA, cm, umol, K).
 */
export interface CellModel {
  readonly name: string;
  readonly C_uF_cm2: number;
  readonly area_um2: number;
  readonly spikeThreshold_mV: number;
  /** Parameters and constants of nature. */
  readonly constants: ReadonlyMap<string, number>;
  /** The constants that the cell's data give, by path within it, as `membrane.na.g_mS_cm2`. */
  readonly written: ReadonlyMap<string, WrittenConstant>;
  /** What is computed from the others at every moment: currents, potentials, instantaneous gates, named formulas. */
  readonly formulas: ReadonlyMap<string, Expression>;
  /** States and schemes in the order in which a step advances them; see {@link CellModel.circular}. */
  readonly groups: readonly StateGroup[];
  /** States that need each other, so that a step is of first order only; empty in most cells. */
  readonly circular: readonly string[];
  /** The labels of the membrane that have a current. */
  readonly currents: readonly string[];
  /** Receptors of synapses whose kinetics are mechanisms. */
  readonly receptors: readonly CellReceptor[];
}

export interface CellReceptor {
  readonly label: string;
  /** The formula of its conductance density, mS/cm2. */
  readonly density: string;
  /** By state, the formula of how much it grows with each mS/cm2 of weight that arrives. */
  readonly perDensity: ReadonlyMap<string, string>;
}

/** A constant as it is written: its name, or {@link CAPACITANCE}; what makes its value coherent; and what it may be. */
export interface WrittenConstant {
  readonly name: string;
  readonly scale: number;
  /** Null: any number. */
  readonly limits: Limits | null;
}

/** What a step advances at once. */
export type StateGroup = CellState | CellScheme;

export interface CellState {
  readonly kind: 'state';
  readonly key: string;
  /** Its derivative, per ms. */
  readonly rate: Expression;
  /** Steady state and time constant, or rates, where the mechanism gives them. */
  readonly form: CellStateForm;
  /** Where the search for its steady state begins; null: anywhere. */
  readonly start: Expression | null;
  readonly isConcentration: boolean;
  /** Of receptors, whose input arrives at whole steps: staggered, V takes the mean of the state before and after the step. */
  readonly isAtWholeSteps: boolean;
}

export type CellStateForm =
  | { readonly kind: 'rates'; readonly alpha: Expression; readonly beta: Expression }
  | { readonly kind: 'relaxing'; readonly inf: Expression; readonly tau: Expression }
  | { readonly kind: 'rate' };

export interface CellScheme {
  readonly kind: 'scheme';
  readonly label: string;
  readonly keys: readonly string[];
  readonly transitions: readonly Transition[];
}

/** Whether a group is of a receptor; see {@link CellState.isAtWholeSteps}. */
export const isAtWholeSteps = (group: StateGroup): boolean => group.kind === 'state' && group.isAtWholeSteps;

/** The sum of all current densities through the membrane, outward positive, uA/cm2. */
export const MEMBRANE_CURRENT = 'I_membrane';

/** What C_uF_cm2 is called among the constants of a cell that vary. */
export const CAPACITANCE = 'C_uF_cm2';

export const keysOf = (group: StateGroup): readonly string[] =>
  group.kind === 'state' ? [group.key] : group.keys;

/** All states of a cell but V. */
export const stateKeys = (model: CellModel): string[] => model.groups.flatMap(keysOf);

/** The cell with other values of constants or {@link CAPACITANCE}. */
export const withConstants = (model: CellModel, values: ReadonlyMap<string, number>): CellModel => ({
  ...model,
  C_uF_cm2: values.get(CAPACITANCE) ?? model.C_uF_cm2,
  constants: new Map(
    [...model.constants.keys()].map((name) => [name, values.get(name) ?? constantOf(model, name)]),
  ),
});

/** The value of a constant that may vary: one of {@link CellModel.constants} or {@link CAPACITANCE}. */
export function constantOf(model: CellModel, name: string): number {
  const value = name === CAPACITANCE ? model.C_uF_cm2 : model.constants.get(name);
  if (value === undefined) throw new RangeError(`${model.name} has no constant "${name}"`);
  return value;
}
