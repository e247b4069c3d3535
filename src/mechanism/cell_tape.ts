import type { Expression } from '../language/expression.js';
import { recordFormula } from '../language/record_formula.js';
import { recordTangent } from '../language/tangent.js';
import type { Register, TapeBuilder } from '../language/tape_builder.js';
import {
  CAPACITANCE,
  type CellModel,
  type CellScheme,
  type CellState,
  MEMBRANE_CURRENT,
} from './cell_model.js';

/** A variable's derivative and the derivative of that by the variable itself; null where it does not depend on it. */
export interface RateAndSlope {
  readonly rate: Register;
  readonly slope: Register | null;
}

/** What flows into a cell from outside: a stimulus I and the synaptic current G V - drive (outward). */
export interface CellInput {
  /** uA/cm2, depolarising where positive. */
  readonly I: Register;
  /** mS/cm2 and uA/cm2; null: none. */
  readonly synapses: { readonly G: Register; readonly drive: Register } | null;
}

/**
 * Formulas of a cell on a tape, at one moment: with V and the states in given registers. Formulas that several need are
 * computed once.
 */
export class CellMoment {
  private readonly done = new Map<string, Register>();

  constructor(
    private readonly tape: TapeBuilder,
    private readonly model: CellModel,
    private readonly V: Register,
    /** Registers of the states, and of constants that differ from those of the model. */
    private readonly given: ReadonlyMap<string, Register>,
    /** Registers that derivatives take for constants. */
    private readonly held: ReadonlySet<Register> = new Set(),
  ) {}

  /** The register of a state, constant or formula of the cell. */
  value(name: string): Register {
    if (name === 'V') return this.V;
    const known = this.given.get(name) ?? this.done.get(name);
    if (known !== undefined) return known;
    const constant = this.model.constants.get(name);
    const formula = this.model.formulas.get(name);
    if (constant === undefined && !formula) throw new Error(`"${name}" has no value`);
    const register = formula ? this.formula(formula) : this.tape.constant(constant ?? Number.NaN);
    this.done.set(name, register);
    return register;
  }

  formula(formula: Expression): Register {
    return recordFormula(this.tape, formula, (name) => this.value(name));
  }

  /** dx/dt of a state, per ms. */
  stateRate(state: CellState): RateAndSlope {
    const rate = this.formula(state.rate);
    return { rate, slope: recordTangent(this.tape, rate, this.value(state.key), this.held) };
  }

  /** dV/dt in mV/ms. */
  potentialSlope({ I, synapses }: CellInput): Register {
    const { tape, V } = this;
    let inward = tape.operation('subtract', I, this.value(MEMBRANE_CURRENT));
    if (synapses) {
      const conducted = tape.operation('multiply', synapses.G, V);
      inward = tape.operation('subtract', inward, tape.operation('subtract', conducted, synapses.drive));
    }
    const C = this.given.get(CAPACITANCE) ?? tape.constant(this.model.C_uF_cm2);
    return tape.operation('divide', inward, C);
  }

  potentialRate(input: CellInput): RateAndSlope {
    const rate = this.potentialSlope(input);
    return { rate, slope: recordTangent(this.tape, rate, this.V, this.held) };
  }

  /** Rates of the transitions of a scheme, from each state to each; null where there is none. */
  schemeRates({ keys, transitions }: CellScheme): (Register | null)[][] {
    const rates: (Register | null)[][] = keys.map(() => keys.map(() => null));
    for (const { from, to, rate } of transitions) {
      const register = this.formula(rate);
      const earlier = rates[from][to];
      rates[from][to] = earlier === null ? register : this.tape.operation('add', earlier, register);
    }
    return rates;
  }
}
