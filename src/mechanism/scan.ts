import { ExpressionGraph } from '../language/canonical.js';
import { evaluate, evaluateFloat32 } from '../language/evaluate.js';
import { type Expression, namesIn, partsOf, sourceOf } from '../language/expression.js';
import type { Node } from '../language/node.js';
import { recordFormula } from '../language/record_formula.js';
import { removeSingularities } from '../language/singularities.js';
import { Tape } from '../language/tape.js';
import { type Register, TapeBuilder } from '../language/tape_builder.js';
import { translate } from '../language/translate.js';
import type { CircuitPath } from '../text/circuit_error.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import { DEFAULT_TEMPERATURE_C, FARADAY, GAS_CONSTANT, IONS, ionsOf, type Mechanism } from './mechanism.js';

/** What is looked at: V in mV. */
const LOWEST_mV = -150;
const HIGHEST_mV = 100;
/** Where rates, time constants and shares must be in their range: the V of a living cell. Beyond it fits of data go astray. */
const LIVING_mV = { from: -100, to: 60 };
const GRID_mV = 0.25;
/** Points of the grid from one that is computed in float32 to the next: 5 mV. */
const FLOAT32_STRIDE = 20;
/** A formula that is 0 more often is looked at no further. */
const MOST_ZEROS = 50;
const TOLERANCE = 1e-6;
/** By how much a steady state may leave 0 to 1: that of Connor and Stevens's A current reaches 1.013. */
const SHARE_TOLERANCE = 0.05;

interface Scanned {
  readonly what: string;
  readonly path: CircuitPath;
  readonly formula: Expression;
  /** What its values must be; null: finite. */
  readonly range: { readonly holds: (value: number) => boolean; readonly words: string } | null;
}

/**
 * What is wrong with the values of a mechanism's formulas, at the default parameters: for V from -150 to 100 mV a value
 * that is not finite; for V from -100 to 60 mV a rate below 0, a time constant that is not above 0, a gate whose steady
 * state leaves 0 to 1. Each is reported with its V. Removable singularities are none.
 */
export function scanMechanism(mechanism: Mechanism): CircuitProblem[] {
  const scan = new Scan(mechanism);
  return scannedFormulas(mechanism).flatMap((entry) => {
    const message = scan.problemOf(entry);
    return message === null ? [] : [{ path: entry.path, message }];
  });
}

const isAtLeast0 = { holds: (x: number) => x >= -TOLERANCE, words: 'a rate must be at least 0' };
const isAbove0 = { holds: (x: number) => x > 0, words: 'a time constant must be above 0' };
const isShare = {
  holds: (x: number) => x >= -SHARE_TOLERANCE && x <= 1 + SHARE_TOLERANCE,
  words: 'a gate stays within 0 to 1',
};

function scannedFormulas({ states, scheme, current, formulas }: Mechanism): Scanned[] {
  const ofStates = [...states.values()].flatMap(({ name, unit, form, start }): Scanned[] => {
    const path = (key: string) => ['states', name, key];
    const isGate = start === null && unit.dimension.every(({ numerator }) => numerator === 0);
    switch (form.kind) {
      case 'rates':
        return [
          { what: `alpha of ${name}`, path: path('alpha'), formula: form.alpha, range: isAtLeast0 },
          { what: `beta of ${name}`, path: path('beta'), formula: form.beta, range: isAtLeast0 },
        ];
      case 'relaxing':
        return [
          { what: `inf of ${name}`, path: path('inf'), formula: form.inf, range: isGate ? isShare : null },
          { what: `tau of ${name}`, path: path('tau'), formula: form.tau, range: isAbove0 },
        ];
      case 'rate':
        return [{ what: `the rate of ${name}`, path: path('rate'), formula: form.rate, range: null }];
      case 'instantaneous':
        return [{ what: name, path: path('is'), formula: form.is, range: null }];
      default:
        return form satisfies never;
    }
  });
  const ofScheme = (scheme?.transitions ?? []).map(({ from, to, rate }, i) => ({
    what: `the rate of ${scheme?.states[from]} to ${scheme?.states[to]}`,
    path: ['scheme', 'reactions', i],
    formula: rate,
    range: isAtLeast0,
  }));
  const named = [...formulas].map(([name, formula]) => ({
    what: name,
    path: ['let', name],
    formula,
    range: null,
  }));
  const whole: Scanned[] =
    current?.kind === 'densities'
      ? [...current.densities].map(([ion, formula]) => ({
          what: `the current of ${ion}`,
          path: ['currents', ion],
          formula,
          range: null,
        }))
      : current?.kind === 'ohmic'
        ? [{ what: 'the open share', path: ['open'], formula: current.open, range: null }]
        : current
          ? [{ what: 'the current', path: ['current'], formula: current.density, range: null }]
          : [];
  return [...ofStates, ...ofScheme, ...whole, ...named];
}

class Scan {
  private readonly graph = new ExpressionGraph();
  private readonly nodes = new Map<string, Node>();
  private readonly removed = new Map<Node, Node>();
  private readonly values: ReadonlyMap<string, number>;

  constructor(private readonly mechanism: Mechanism) {
    this.values = typicalValues(mechanism);
  }

  /** What is wrong with a formula, or null. */
  problemOf({ what, formula, range }: Scanned): string | null {
    const tape = new TapeBuilder();
    const registers = new Map<string, Register>();
    const result = recordFormula(tape, formula, (name) => this.register(tape, registers, name));
    const denominators = denominatorsOf(formula)
      .filter((denominator) => this.dependsOnV(denominator))
      .map((denominator) => ({
        denominator,
        register: recordFormula(tape, denominator, (name) => this.register(tape, registers, name)),
      }));
    const count = Math.round((HIGHEST_mV - LOWEST_mV) / GRID_mV) + 1;
    const grid = Float64Array.from({ length: count }, (_, i) => LOWEST_mV + i * GRID_mV);
    const program = new Tape(tape, count);
    program.input('V')?.set(grid);
    program.run();

    for (const { denominator, register } of denominators) {
      const zeros = zerosOf(program.values(register), grid, (at) => this.valueOf(denominator, at));
      const pole = zeros.find((V) => !this.isRemovable(formula, V));
      if (pole !== undefined)
        return `${what} is not finite at V = ${shown(pole)} mV: "${sourceOf(denominator)}" is 0 there`;
    }
    const overflow = grid.find((V, i) => i % FLOAT32_STRIDE === 0 && !this.isFiniteInFloat32(formula, V));
    const values = program.values(result);
    for (let i = 0; i < count; i++) {
      const value = Number.isFinite(values[i]) ? values[i] : this.limitOf(formula, grid[i]);
      if (!Number.isFinite(value)) return `${what} is not finite at V = ${shown(grid[i])} mV`;
      const isLiving = grid[i] >= LIVING_mV.from && grid[i] <= LIVING_mV.to;
      if (range && isLiving && !range.holds(value))
        return `${what} is ${Number(value.toPrecision(4))} at V = ${shown(grid[i])} mV; ${range.words}`;
    }
    if (overflow !== undefined)
      return `${what} is computed from numbers beyond 1e38 at V = ${shown(overflow)} mV, which float32 does not hold`;
    return null;
  }

  private register(tape: TapeBuilder, registers: Map<string, Register>, name: string): Register {
    if (name === 'V') return tape.input('V');
    const known = registers.get(name);
    if (known !== undefined) return known;
    const formula = this.formulaOf(name);
    const register = formula
      ? recordFormula(tape, formula, (inner) => this.register(tape, registers, inner))
      : tape.constant(this.values.get(name) ?? Number.NaN);
    registers.set(name, register);
    return register;
  }

  private formulaOf(name: string): Expression | undefined {
    const form = this.mechanism.states.get(name)?.form;
    return form?.kind === 'instantaneous' ? form.is : this.mechanism.formulas.get(name);
  }

  private dependsOnV(formula: Expression): boolean {
    return [...namesIn(formula)].some((name) => {
      const inner = this.formulaOf(name);
      return name === 'V' || (inner !== undefined && this.dependsOnV(inner));
    });
  }

  private node(formula: Expression): Node {
    const resolve = (name: string): Node => {
      if (name === 'V') return this.graph.variable('V');
      const known = this.nodes.get(name);
      if (known) return known;
      const inner = this.formulaOf(name);
      const node = inner ? this.node(inner) : this.graph.number(this.values.get(name) ?? Number.NaN);
      this.nodes.set(name, node);
      return node;
    };
    return removeSingularities(this.graph, translate(this.graph, formula, resolve), this.removed);
  }

  private valueOf(formula: Expression, V: number): number {
    return evaluate(this.node(formula), new Map([['V', V]]));
  }

  private isFiniteInFloat32(formula: Expression, V: number): boolean {
    return Number.isFinite(evaluateFloat32(this.node(formula), new Map([['V', V]])));
  }

  /** The value where the formula as written is 0/0. */
  private limitOf(formula: Expression, V: number): number {
    return this.isRemovable(formula, V) ? this.valueOf(formula, V) : Number.NaN;
  }

  /** Whether the optimised form is finite at V and agrees with its neighbourhood. */
  private isRemovable(formula: Expression, V: number): boolean {
    const [at, below, above] = [V, V - 1e-3, V + 1e-3].map((v) => this.valueOf(formula, v));
    const size = Math.abs(below) + Math.abs(above);
    return Number.isFinite(at) && Math.abs(at - (below + above) / 2) <= 1e-3 * size + 1e-12;
  }
}

/** Values of all names but V, in coherent units: defaults, typical concentrations, half-open gates. */
function typicalValues(mechanism: Mechanism): Map<string, number> {
  const { parameters, states, scheme } = mechanism;
  const values = new Map([
    ['celsius', DEFAULT_TEMPERATURE_C],
    ['F', FARADAY],
    ['R', GAS_CONSTANT],
    ['g', 1],
    ['E', -70],
  ]);
  for (const name of new Set([...Object.keys(IONS), ...ionsOf(mechanism)])) {
    const { in_mM, out_mM, valence } = IONS[name] ?? { in_mM: 1, out_mM: 1, valence: 1 };
    const kelvin = DEFAULT_TEMPERATURE_C + 273.15;
    values.set(`E_${name}`, ((GAS_CONSTANT * kelvin) / (valence * FARADAY)) * Math.log(out_mM / in_mM));
    values.set(`I_${name}`, -1);
    values.set(`${name}_in`, in_mM);
    values.set(`${name}_out`, out_mM);
  }
  for (const { name, unit, value } of parameters.values()) values.set(name, value * unit.scale);
  for (const { name } of states.values()) if (!values.has(name)) values.set(name, 0.5);
  for (const name of scheme?.states ?? []) values.set(name, 1 / (scheme?.states.length ?? 1));
  return values;
}

/** What a formula divides by. */
function denominatorsOf(formula: Expression): Expression[] {
  const own = formula.kind === 'binary' && formula.operator === '/' ? [formula.right] : [];
  return [...own, ...partsOf(formula).flatMap(denominatorsOf)];
}

/** Where a denominator is 0 or changes its sign, mV. */
function zerosOf(values: Float64Array, grid: Float64Array, at: (V: number) => number): number[] {
  const zeros: number[] = [];
  values.forEach((value, i) => {
    if (value === 0) zeros.push(grid[i]);
    if (i === 0 || !(values[i - 1] * value < 0)) return;
    let [low, high] = [grid[i - 1], grid[i]];
    for (let halving = 0; halving < 60; halving++) {
      const middle = (low + high) / 2;
      if (at(middle) * value < 0) low = middle;
      else high = middle;
    }
    zeros.push((low + high) / 2);
  });
  return zeros.slice(0, MOST_ZEROS);
}

const shown = (V: number): string => String(Number(V.toFixed(3)));
