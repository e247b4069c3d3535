import type { Expression, Place } from '../../language/expression.js';

/** A name that is written to: a variable or an element of an array. */
export interface Target {
  readonly name: string;
  readonly index: Expression | null;
  readonly place: Place;
}

/** A state that takes part in a reaction, so many times. */
export interface Reactant {
  readonly count: number;
  readonly target: Target;
}

export type Statement = { readonly place: Place } & (
  | { readonly kind: 'local'; readonly names: readonly string[] }
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Expression }
  | { readonly kind: 'derivative'; readonly target: Target; readonly value: Expression }
  | { readonly kind: 'call'; readonly call: Expression & { readonly kind: 'call' } }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: 'loop';
      readonly variable: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly by: Expression | null;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'solve'; readonly block: string; readonly method: string | null }
  | {
      readonly kind: 'reaction';
      readonly left: readonly Reactant[];
      readonly right: readonly Reactant[];
      readonly forward: Expression;
      readonly backward: Expression | null;
    }
  | { readonly kind: 'flux'; readonly into: Target; readonly flux: Expression }
  | { readonly kind: 'conserve'; readonly sum: Expression; readonly total: Expression }
  /** States that live in shells or diffuse along a cable. */
  | { readonly kind: 'spatial'; readonly states: readonly string[]; readonly message: string }
  /** `return` at the end of a procedure. */
  | { readonly kind: 'return' }
  /** What cannot be taken over; refused where it is reached. */
  | { readonly kind: 'refused'; readonly message: string }
);

export interface Procedure {
  readonly name: string;
  readonly place: Place;
  readonly parameters: readonly string[];
  readonly body: readonly Statement[];
}

export interface Ion {
  readonly name: string;
  readonly place: Place;
  readonly reads: readonly Named[];
  readonly writes: readonly Named[];
}

export interface Named {
  readonly name: string;
  readonly place: Place;
}

/** A variable with what its block says of it. */
export interface Declared extends Named {
  readonly value: number | null;
  /** The text of its unit, without parentheses. */
  readonly unit: string | null;
  /** Elements of an array; null for a single variable. */
  readonly size: number | null;
}

/** `FARADAY = (faraday) (coulomb)` of a UNITS block. */
export interface UnitConstant extends Named {
  /** The unit or quantity that it is, or its value. */
  readonly of: string | number;
  readonly unit: string | null;
}

export type BlockKind =
  | 'DERIVATIVE'
  | 'KINETIC'
  | 'PROCEDURE'
  | 'FUNCTION'
  | 'LINEAR'
  | 'NONLINEAR'
  | 'DISCRETE';

/** A .mod file as it is written. */
export interface ModFile {
  suffix: Named | null;
  readonly ions: Ion[];
  readonly nonspecific: Named[];
  readonly electrode: Named[];
  readonly units: Map<string, string>;
  readonly unitConstants: Map<string, UnitConstant>;
  readonly parameters: Map<string, Declared>;
  readonly constants: Map<string, Declared>;
  readonly assigned: Map<string, Declared>;
  readonly states: Map<string, Declared>;
  readonly blocks: Map<string, Procedure & { readonly kind: BlockKind }>;
  breakpoint: readonly Statement[] | null;
  breakpointPlace: Place | null;
  initial: readonly Statement[];
}
