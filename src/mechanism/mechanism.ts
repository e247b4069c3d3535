import type { Expression } from '../language/expression.js';
import type { AssumedUnit } from '../language/infer_units.js';
import type { Quantity } from '../language/units.js';

/** How a state follows from the others. */
export type StateForm =
  /** x' = alpha (1 - x) - beta x */
  | { readonly kind: 'rates'; readonly alpha: Expression; readonly beta: Expression }
  /** x' = (inf - x) / tau */
  | { readonly kind: 'relaxing'; readonly inf: Expression; readonly tau: Expression }
  /** x' = rate */
  | { readonly kind: 'rate'; readonly rate: Expression }
  /** x = is, at every moment */
  | { readonly kind: 'instantaneous'; readonly is: Expression };

export interface MechanismState {
  readonly name: string;
  readonly unit: Quantity;
  readonly form: StateForm;
  /** Where the search for its steady state begins; null: anywhere. */
  readonly start: Expression | null;
}

/** A transition of a kinetic scheme, at a rate in 1/ms. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  readonly rate: Expression;
}

export interface Scheme {
  readonly states: readonly string[];
  readonly transitions: readonly Transition[];
}

export interface MechanismParameter {
  readonly name: string;
  /** The name with its unit, as files write it. */
  readonly key: string;
  readonly unit: Quantity;
  /** In its unit. */
  readonly value: number;
}

export type MechanismCurrent =
  /** g open (V - E) */
  | { readonly kind: 'ohmic'; readonly open: Expression }
  /** Any current density, uA/cm2. */
  | { readonly kind: 'density'; readonly density: Expression }
  /** Current densities by ion, uA/cm2. */
  | { readonly kind: 'densities'; readonly densities: ReadonlyMap<string, Expression> };

export type ReceptorSign = 'excitatory' | 'inhibitory';

/** What makes a mechanism a receptor of synapses. */
export interface ReceptorKinetics {
  readonly E_mV: number;
  readonly sign: ReceptorSign;
  /** A conductance, from the states and V. */
  readonly conductance: Expression;
  /** By state, by how much it grows with each unit of weight that arrives. */
  readonly perWeight: ReadonlyMap<string, Expression>;
}

/** A mechanism whose formulas are parsed and whose units agree. */
export interface Mechanism {
  readonly name: string;
  readonly about: string;
  readonly paper: string;
  readonly kind: 'channel' | 'pool' | 'receptor';
  /** The ion of its current or concentration; `nonspecific` for a current of several, or several currents. */
  readonly ion: string;
  readonly parameters: ReadonlyMap<string, MechanismParameter>;
  readonly formulas: ReadonlyMap<string, Expression>;
  readonly states: ReadonlyMap<string, MechanismState>;
  readonly scheme: Scheme | null;
  readonly current: MechanismCurrent | null;
  readonly receptor: ReceptorKinetics | null;
  /** What bare numbers were taken for. */
  readonly assumedUnits: readonly AssumedUnit[];
  /** Values that it must give; see the schema. */
  readonly reference: readonly Readonly<Record<string, number>>[];
}

/** The ions of a mechanism's currents or concentration, `nonspecific` among them. */
export const ionsOf = ({ ion, current }: Mechanism): readonly string[] =>
  current?.kind === 'densities' ? [...current.densities.keys()] : [ion];

/** An ion's concentrations in mM, for mechanisms looked at alone and where a cell gives none, and its valence. */
export const IONS: Readonly<
  Record<string, { readonly valence: number; readonly in_mM: number; readonly out_mM: number }>
> = {
  Na: { valence: 1, in_mM: 10, out_mM: 140 },
  K: { valence: 1, in_mM: 140, out_mM: 3 },
  Ca: { valence: 2, in_mM: 1e-4, out_mM: 2 },
  Cl: { valence: -1, in_mM: 6, out_mM: 130 },
};

/** What `celsius` is unless it is given, degrees C. */
export const DEFAULT_TEMPERATURE_C = 36;

/** Faraday's constant in the coherent system (uA ms / umol) and the gas constant (mV ms uA / (umol K)). */
export const FARADAY = 96485.33212 * 1e3;
export const GAS_CONSTANT = 8.31446261815324 * 1e6;
