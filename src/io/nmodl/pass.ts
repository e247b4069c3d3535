import type { Expression, Place } from '../../language/expression.js';
import { name, number, times } from '../../mechanism/formulas.js';
import { NOWHERE } from './formula_tools.js';

/** A named part of formulas: what a variable was set to. Formulas refer to it by its key. */
export interface Definition {
  readonly key: string;
  /** The variable's name in the file. */
  readonly variable: string;
  readonly formula: Expression;
  readonly place: Place;
}

export interface Placed {
  readonly formula: Expression;
  readonly place: Place;
}

/** `A + B <-> C` with its rates. */
export interface ExecutedReaction {
  readonly left: readonly { readonly count: number; readonly state: string }[];
  readonly right: readonly { readonly count: number; readonly state: string }[];
  readonly forward: Expression;
  readonly backward: Expression | null;
  readonly place: Place;
}

/** What one pass over BREAKPOINT, or over INITIAL, says. */
export interface Pass {
  /** Every variable that was set, with its value at the end. */
  readonly globals: Map<string, Expression>;
  readonly definitions: Definition[];
  /** Derivatives of states in DERIVATIVE blocks. */
  readonly derivatives: Map<string, Placed>;
  /** What states are set to, where that is not INITIAL. */
  readonly updates: Map<string, Placed>;
  readonly reactions: ExecutedReaction[];
  readonly fluxes: { readonly state: string; readonly flux: Expression; readonly place: Place }[];
  /** States that live in shells or diffuse along a cable. */
  readonly spatial: { readonly states: readonly string[]; readonly message: string; readonly place: Place }[];
  readonly conserved: { readonly sum: Expression; readonly total: Expression; readonly place: Place }[];
  /** Variables that were read before they were set. */
  readonly stale: Map<string, Place>;
}

export const emptyPass = (definitions: Definition[]): Pass => ({
  globals: new Map(),
  definitions,
  derivatives: new Map(),
  updates: new Map(),
  reactions: [],
  fluxes: [],
  spatial: [],
  conserved: [],
  stale: new Map(),
});

export const elementName = (array: string, index: number): string => `${array}[${index}]`;
export const arrayOf = (variable: string): string => variable.replace(/\[.*/, '');

/** The rate of a reaction in one direction. */
export function fluxOf(rate: Expression, side: ExecutedReaction['left']): Expression {
  return side.reduce(
    (product, { count, state }) => times(product, count === 1 ? name(state) : power(name(state), count)),
    rate,
  );
}

const power = (base: Expression, exponent: number): Expression => ({
  kind: 'binary',
  operator: '^',
  left: base,
  right: number(exponent),
  place: NOWHERE,
});
