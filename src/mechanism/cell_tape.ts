import type { Expression } from '../language/expression.js';
import { recordFormula } from '../language/record_formula.js';
import { recordTangent } from '../language/tangent.js';
import type { Register, TapeBuilder } from '../language/tape.js';
import type { CellModel, CellScheme, CellState } from './cell_model.js';

/** A variable's derivative and the derivative of that by the variable itself; null where it does not depend on it. */
export interface RateAndSlope {
  readonly rate: Register;
  readonly slope: Register | null;
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
    private readonly states: ReadonlyMap<string, Register>,
    /** Registers that derivatives take for constants. */
    private readonly held: ReadonlySet<Register> = new Set(),
  ) {}

  /** The register of a state, constant or formula of the cell. */
  value(name: string): Register {
    if (name === 'V') return this.V;
    const known = this.states.get(name) ?? this.done.get(name);
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

  /** dV/dt in mV/ms under a stimulus in uA/cm2. */
  potentialRate(stimulus: Register, membraneCurrent: string): RateAndSlope {
    const { tape } = this;
    const current = tape.operation('subtract', stimulus, this.value(membraneCurrent));
    const rate = tape.operation('divide', current, tape.constant(this.model.C_uF_cm2));
    return { rate, slope: recordTangent(tape, rate, this.V, this.held) };
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
