import type { Expression } from '../../language/expression.js';
import { UnitInference } from '../../language/infer_units.js';
import { LanguageError } from '../../language/language_error.js';
import { BASE_UNITS, type Dimension, dimensionOf, PURE_NUMBER } from '../../language/units.js';
import { writeExpression } from '../../language/write.js';
import { checkMechanism } from '../../mechanism/check_mechanism.js';
import { name as nameOf } from '../../mechanism/formulas.js';
import { splitKey } from '../../mechanism/keys.js';
import { IONS, type Mechanism } from '../../mechanism/mechanism.js';
import { type MechanismData, mechanismSchema, type StateData } from '../../mechanism/mechanism_schema.js';
import { scanMechanism } from '../../mechanism/scan.js';
import { CircuitError } from '../../text/circuit_error.js';
import { messageOf } from '../../text/circuit_problems.js';
import { type LemsFormula, parseLems } from './lems_formula.js';
import type { XmlFile } from './xml_reader.js';

/** Where something was read. */
export interface Origin {
  readonly file: XmlFile;
  readonly offset: number;
}

/** Something that was left out or assumed, and where. */
export type Note = (origin: Origin, message: string) => void;

/** A mechanism as a file says it, and checked. */
export interface CheckedDraft {
  readonly data: MechanismData;
  readonly mechanism: Mechanism;
}

const MV = dimensionOf('mV');
const MM = dimensionOf('mM');
const KELVIN = dimensionOf('K');
const CURRENT_DENSITY = dimensionOf('uA/cm2');

/** The units that formulas are written with; a variable of such a name would be read in their place. */
const WRITTEN_UNITS: ReadonlySet<string> = new Set([...BASE_UNITS, 'mM']);

/** A mechanism that is being put together: its names, its formulas, whose units are checked, and where each comes from. */
export class MechanismDraft {
  private readonly units = new UnitInference();
  private readonly taken = new Set(['V', 'celsius', 'F', 'R', 'g', 'E', 'P']);
  private readonly lets: Record<string, string> = {};
  private readonly parameters: Record<string, number> = {};
  private readonly states: Record<string, StateData> = {};
  private readonly origins = new Map<string, Origin>();
  private readonly formulas = new Map<string, LemsFormula>();

  constructor(
    /** Where the mechanism itself was read. */
    readonly origin: Origin,
    /** Gets what was assumed. */
    readonly note: Note,
  ) {
    this.units.declare('V', MV);
    this.units.declare('celsius', KELVIN);
    this.units.declare('F', dimensionOf('C/mol'));
    this.units.declare('R', dimensionOf('J/mol/K'));
    this.units.declare('g', dimensionOf('mS/cm2'));
    for (const ion of Object.keys(IONS)) {
      for (const [name, dimension] of [
        [`E_${ion}`, MV],
        [`I_${ion}`, CURRENT_DENSITY],
        [`${ion}_in`, MM],
        [`${ion}_out`, MM],
      ] as const) {
        this.units.declare(name, dimension);
        this.taken.add(name);
      }
    }
  }

  /** Reserves the name of a state that is a share, such as a gate: the wanted one or one like it. */
  reserve(wanted: string): string {
    const name = this.freeName([wanted]);
    this.taken.add(name);
    this.units.declare(name, PURE_NUMBER);
    return name;
  }

  /** The first of the wanted names that formulas can use, or one like it: no other has it, and it is no unit. */
  private freeName(wanted: readonly string[]): string {
    const isFree = (name: string) =>
      !this.taken.has(name) && !WRITTEN_UNITS.has(name) && splitKey(name).name === name;
    const plain = wanted.map((name) => name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[^A-Za-z])/, 'x_'));
    const likely = [...plain, ...plain.map((name) => `${name}_`)].find(isFree);
    if (likely !== undefined) return likely;
    let k = 2;
    while (!isFree(`${plain[0]}_${k}`)) k++;
    return `${plain[0]}_${k}`;
  }

  /** A parameter whose key carries its unit. */
  parameter(key: string, value: number): Expression {
    const { name, unit } = splitKey(key);
    if (!(key in this.parameters)) {
      this.parameters[key] = value;
      this.taken.add(name);
      this.units.declare(name, unit.dimension);
    }
    return nameOf(name);
  }

  get parameterKeys(): readonly string[] {
    return Object.keys(this.parameters);
  }

  /** The expression of a formula, with its place known to later errors. */
  parse(formula: LemsFormula): Expression {
    this.formulas.set(formula.text, formula);
    return this.located(formula, () => parseLems(formula));
  }

  /** Names a formula by the first of the wanted names that is free, or that has this very formula already. */
  let(wanted: readonly string[], expression: Expression, origin: Origin): Expression {
    const text = writeExpression(expression);
    const same = wanted.find((name) => this.lets[name] === text);
    if (same !== undefined) return nameOf(same);
    const name = this.freeName(wanted);
    this.located(origin, () => this.units.define(name, expression));
    this.taken.add(name);
    this.lets[name] = text;
    this.origins.set(`let.${name}`, origin);
    return nameOf(name);
  }

  /** The text of a formula in a unit; `what` names it in errors. */
  formula(expression: Expression, unit: Dimension, what: string, origin: Origin): string {
    this.located(origin, () => this.units.require(expression, unit, what));
    return writeExpression(expression);
  }

  state(name: string, data: StateData, origin: Origin): void {
    this.states[name] = data;
    this.origins.set(`states.${name}`, origin);
  }

  /** The mechanism as a file says it, and checked. Throws CircuitError with the places of what is wrong. */
  finish(name: string, rest: Partial<MechanismData>): CheckedDraft {
    const { lets, parameters, states } = this;
    const { about, channel, pool, ...formulas } = rest;
    const data: MechanismData = {
      ...(about !== undefined && { about }),
      ...(channel !== undefined && { channel }),
      ...(pool !== undefined && { pool }),
      parameters,
      let: lets,
      ...formulas,
      states,
      reference: [],
    };
    const { error } = mechanismSchema.safeParse(data, { error: messageOf });
    if (error)
      throw new CircuitError(
        error.issues.map(({ path, message }) =>
          this.origin.file.issue(this.origin.offset, `${name}: ${path.join('.')}: ${message}`),
        ),
      );
    const { mechanism, problems } = checkMechanism(name, data);
    const found = mechanism ? scanMechanism(mechanism) : problems;
    if (!mechanism || found.length > 0)
      throw new CircuitError(
        found.map(({ path, message, at }) => {
          const { file, offset } = this.origins.get(path.slice(0, 2).join('.')) ?? this.origin;
          return file.issue(offset, `${name}: ${message}`, at?.marked);
        }),
      );
    return { data, mechanism };
  }

  private located<T>(origin: Origin, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof RangeError)
        throw new CircuitError([origin.file.issue(origin.offset, error.message)]);
      if (!(error instanceof LanguageError)) throw error;
      const formula = this.formulas.get(error.text);
      const { file, offset } = formula ?? origin;
      throw new CircuitError([file.issue(offset + (formula ? error.start : 0), error.problem, error.marked)]);
    }
  }
}
