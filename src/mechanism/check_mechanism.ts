import { depthOf, type Expression, namesIn, replaced } from '../language/expression.js';
import { UnitInference } from '../language/infer_units.js';
import { LanguageError } from '../language/language_error.js';
import { parseExpression } from '../language/parse.js';
import {
  type Dimension,
  dimensionOf,
  PURE_NUMBER,
  type Quantity,
  timesDimension,
} from '../language/units.js';
import type { CircuitPath } from '../text/circuit_error.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import { pure } from './formulas.js';
import { splitKey } from './keys.js';
import {
  IONS,
  type Mechanism,
  type MechanismCurrent,
  type MechanismParameter,
  type MechanismState,
  type ReceptorKinetics,
  type Scheme,
  type StateForm,
  type Transition,
} from './mechanism.js';
import type { MechanismData, StateData } from './mechanism_schema.js';
import { parseReaction } from './reactions.js';
import { isLinearInWeight, WEIGHT } from './receptor.js';

export type CheckedMechanism =
  | { readonly mechanism: Mechanism; readonly problems: readonly [] }
  | { readonly mechanism: null; readonly problems: readonly CircuitProblem[] };

const PER_MS = dimensionOf('1/ms');
const MS = dimensionOf('ms');
const MV = dimensionOf('mV');
const MM = dimensionOf('mM');
const CURRENT_DENSITY = dimensionOf('uA/cm2');
const CONDUCTANCE = dimensionOf('nS');
const CONDUCTANCE_DENSITY = dimensionOf('mS/cm2');

/** Parses a mechanism's formulas and checks their names and units; problems are at paths within the mechanism. */
export function checkMechanism(name: string, data: MechanismData): CheckedMechanism {
  return new MechanismCheck(name, data).result();
}

/** Gathers every problem of one mechanism: a formula that fails does not hide the others. */
class MechanismCheck {
  private readonly problems: CircuitProblem[] = [];
  private readonly units = new UnitInference();
  private readonly declared = new Map<string, CircuitPath | null>();
  private readonly ions: readonly string[];

  constructor(
    private readonly name: string,
    private readonly data: MechanismData,
  ) {
    this.ions = data.currents ? Object.keys(data.currents) : [data.channel ?? data.pool ?? 'nonspecific'];
  }

  result(): CheckedMechanism {
    const { data } = this;
    const parameters = this.parameters();
    this.declareNamesAtHand(parameters);
    const keys = new Map(Object.keys(data.states).map((key) => [key, this.stateKey(key)]));
    for (const [key, { name, unit }] of keys) this.declare(name, unit.dimension, ['states', key]);
    data.scheme?.states.forEach((state, i) => {
      this.declare(state, PURE_NUMBER, ['scheme', 'states', i]);
    });
    for (const key of Object.keys(data.let)) this.reserve(key, ['let', key]);

    const formulas = new Map<string, Expression>();
    for (const [key, text] of Object.entries(data.let))
      this.try(['let', key], () => {
        const formula = this.parse(text, ['let', key]);
        this.units.define(key, formula);
        formulas.set(key, formula);
      });
    const states = new Map<string, MechanismState>();
    for (const [key, { name, unit }] of keys) {
      const form = this.form(data.states[key], name, unit.dimension, ['states', key]);
      const start = this.formula(data.states[key].start, unit.dimension, `start of ${name}`, [
        'states',
        key,
        'start',
      ]);
      if (form) states.set(name, { name, unit, form, start });
    }
    const scheme = data.scheme ? this.scheme() : null;
    const current = data.receptor ? null : this.current();
    const receptor = this.receptor(keys);
    this.requireNoCircle(formulas, states);
    let assumedUnits: Mechanism['assumedUnits'] = [];
    if (this.problems.length === 0)
      this.try([], () => {
        assumedUnits = this.units.close();
      });
    if (this.problems.length > 0) return { mechanism: null, problems: this.problems };
    const mechanism: Mechanism = {
      name: this.name,
      about: data.about ?? '',
      paper: data.paper ?? '',
      kind: data.receptor ? 'receptor' : data.pool === undefined ? 'channel' : 'pool',
      ion: data.currents ? 'nonspecific' : this.ions[0],
      parameters,
      formulas,
      states,
      scheme,
      current,
      receptor,
      assumedUnits,
      reference: data.reference,
    };
    return { mechanism, problems: [] };
  }

  private try(path: CircuitPath, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof LanguageError)
        this.problems.push({ path: this.pathOf(error, path), message: error.problem, at: error });
      else if (error instanceof RangeError) this.problems.push({ path, message: error.message });
      else throw error;
    }
  }

  /** Errors of units that appear at the end name their formula by its text only. */
  private pathOf(error: LanguageError, path: CircuitPath): CircuitPath {
    return path.length > 0 ? path : (this.places.get(error.text) ?? path);
  }
  private readonly places = new Map<string, CircuitPath>();

  private parse(text: string | number, path?: CircuitPath): Expression {
    if (path && typeof text === 'string') this.places.set(text, path);
    return parseExpression(String(text), (name) => this.declared.has(name));
  }

  private reserve(name: string, path: CircuitPath | null): boolean {
    if (this.declared.has(name)) {
      const earlier = this.declared.get(name);
      const what = earlier ? `is already declared at ${earlier.join('.')}` : 'has a meaning of its own';
      if (path) this.problems.push({ path, of: 'key', message: `"${name}" ${what}; choose another name` });
      return false;
    }
    this.declared.set(name, path);
    return true;
  }

  private declare(name: string, dimension: Dimension, path: CircuitPath | null): void {
    if (this.reserve(name, path)) this.units.declare(name, dimension);
  }

  private parameters(): Map<string, MechanismParameter> {
    const parameters = new Map<string, MechanismParameter>();
    for (const [key, value] of Object.entries(this.data.parameters)) {
      const { name, unit } = splitKey(key);
      parameters.set(name, { name, key, unit, value });
    }
    return parameters;
  }

  private declareNamesAtHand(parameters: ReadonlyMap<string, MechanismParameter>): void {
    this.declare('V', MV, null);
    this.declare('celsius', dimensionOf('K'), null);
    this.declare('F', dimensionOf('C/mol'), null);
    this.declare('R', dimensionOf('J/mol/K'), null);
    for (const ion of new Set([...Object.keys(IONS), ...this.ions])) {
      if (ion === 'nonspecific') continue;
      this.declare(`E_${ion}`, MV, null);
      this.declare(`I_${ion}`, CURRENT_DENSITY, null);
      // The state of a pool is declared with its states.
      if (this.data.pool !== ion) this.declare(`${ion}_in`, MM, null);
      this.declare(`${ion}_out`, MM, null);
    }
    if (this.data.channel !== undefined) {
      if (!parameters.has('g')) this.declare('g', CONDUCTANCE_DENSITY, null);
      if (!parameters.has('E')) this.declare('E', MV, null);
    }
    if (this.data.receptor) this.declare(WEIGHT, CONDUCTANCE, null);
    for (const { name, key, unit } of parameters.values())
      this.declare(name, unit.dimension, ['parameters', key]);
  }

  private stateKey(key: string) {
    return this.data.pool !== undefined && key === `${this.data.pool}_in`
      ? { name: key, unit: { dimension: MM, scale: 1 } }
      : splitKey(key);
  }

  /** A formula in a unit, or null where there is none or it is wrong. */
  private formula(
    text: string | number | undefined,
    dimension: Dimension,
    what: string,
    path: CircuitPath,
  ): Expression | null {
    if (text === undefined) return null;
    let formula: Expression | null = null;
    this.try(path, () => {
      const parsed = this.parse(text, path);
      this.units.require(parsed, dimension, what);
      formula = parsed;
    });
    return formula;
  }

  private form(state: StateData, name: string, unit: Dimension, path: CircuitPath): StateForm | null {
    const formula = (
      key: 'alpha' | 'beta' | 'inf' | 'tau' | 'rate' | 'is',
      dimension: Dimension,
      what: string,
    ) => this.formula(state[key], dimension, what, [...path, key]);
    if (state.alpha !== undefined) {
      const alpha = formula('alpha', PER_MS, `alpha of ${name}`);
      const beta = formula('beta', PER_MS, `beta of ${name}`);
      return alpha && beta && { kind: 'rates', alpha, beta };
    }
    if (state.inf !== undefined) {
      const inf = formula('inf', unit, `inf of ${name}`);
      const tau = formula('tau', MS, `tau of ${name}`);
      return inf && tau && { kind: 'relaxing', inf, tau };
    }
    if (state.rate !== undefined) {
      const rate = formula('rate', timesDimension(unit, PER_MS), `the rate of ${name}`);
      return rate && { kind: 'rate', rate };
    }
    const is = formula('is', unit, name);
    return is && { kind: 'instantaneous', is };
  }

  private scheme(): Scheme | null {
    const data = this.data.scheme;
    if (!data) return null;
    const transitions: Transition[] = [];
    for (const [i, text] of data.reactions.entries()) {
      const path = ['scheme', 'reactions', i];
      const reaction = parseReaction(text, data.states);
      if ('problem' in reaction) {
        this.problems.push({ path, message: reaction.problem });
        continue;
      }
      const ends = [reaction.from, reaction.to];
      for (const [k, rate] of reaction.rates.entries()) {
        const [from, to] = k === 0 ? ends : [ends[1], ends[0]];
        const formula = this.formula(rate, PER_MS, `the rate of ${from} to ${to}`, path);
        if (formula)
          transitions.push({ from: data.states.indexOf(from), to: data.states.indexOf(to), rate: formula });
      }
    }
    return { states: data.states, transitions };
  }

  private current(): MechanismCurrent | null {
    const { open, current, scheme, currents } = this.data;
    if (currents) {
      const densities = Object.entries(currents).map(([ion, text]) => {
        const density = this.formula(text, CURRENT_DENSITY, `the current of ${ion}`, ['currents', ion]);
        return [ion, density] as const;
      });
      return {
        kind: 'densities',
        densities: new Map(densities.filter((entry) => entry[1] !== null) as [string, Expression][]),
      };
    }
    if (current !== undefined) {
      const density = this.formula(current, CURRENT_DENSITY, 'the current', ['current']);
      return density && { kind: 'density', density };
    }
    const path = open === undefined ? ['scheme', 'open'] : ['open'];
    const share = this.formula(open ?? scheme?.open, PURE_NUMBER, 'the open share', path);
    return share && { kind: 'ohmic', open: share };
  }

  private receptor(keys: ReadonlyMap<string, { name: string; unit: Quantity }>): ReceptorKinetics | null {
    const { receptor, states } = this.data;
    if (!receptor) return null;
    const conductance = this.formula(this.data.conductance, CONDUCTANCE, 'the conductance', ['conductance']);
    const perWeight = new Map<string, Expression>();
    for (const [key, { name, unit }] of keys) {
      const path = ['states', key, 'arriving'];
      const after = this.formula(states[key].arriving, unit.dimension, `${name} after an arrival`, path);
      if (!after) continue;
      if (
        isLinearInWeight(
          after,
          name,
          [...keys.values()].map((other) => other.name),
        )
      )
        // x + a w at x = 0 and w = 1.
        perWeight.set(
          name,
          replaced(
            after,
            new Map([
              [name, pure(0)],
              [WEIGHT, pure(1)],
            ]),
          ),
        );
      else {
        const text = states[key].arriving;
        const message = `${name}: what arrives must add up: "${text}" is not ${name} and a multiple of ${WEIGHT} that depends on parameters only`;
        this.problems.push({ path, message });
      }
    }
    return conductance && { ...receptor, conductance, perWeight };
  }

  /** Instantaneous states and formulas must not need themselves, nor each other without end. */
  private requireNoCircle(
    formulas: ReadonlyMap<string, Expression>,
    states: ReadonlyMap<string, MechanismState>,
  ): void {
    const needs = new Map<string, Expression>(formulas);
    for (const [name, { form }] of states) if (form.kind === 'instantaneous') needs.set(name, form.is);
    const depths = new Map<string, number>();
    const fail = (name: string, message: string) => {
      const path = formulas.has(name) ? ['let', name] : ['states', name, 'is'];
      this.problems.push({ path, message });
    };
    const visit = (name: string, above: readonly string[]): void => {
      const formula = needs.get(name);
      if (!formula || depths.has(name)) return;
      if (above.includes(name)) {
        fail(name, `"${name}" needs itself: ${[...above, name].join(' -> ')}`);
        depths.set(name, 0);
        return;
      }
      for (const next of namesIn(formula)) visit(next, [...above, name]);
      const depth = depthOf(formula, (of) => depths.get(of) ?? 0);
      if (depth > MOST_LEVELS)
        fail(name, `nested more than ${MOST_LEVELS} levels deep through other formulas`);
      depths.set(name, Math.min(depth, MOST_LEVELS));
    };
    for (const name of needs.keys()) visit(name, []);
  }
}

/** Levels of a formula together with those that it needs. */
const MOST_LEVELS = 1000;
