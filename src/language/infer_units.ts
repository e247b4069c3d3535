import { didYouMean } from '../text/suggestion.js';
import { type Expression, type Place, sourceOf } from './expression.js';
import { FUNCTIONS, isFunction } from './functions.js';
import { LanguageError } from './language_error.js';
import {
  asNumber,
  asRational,
  inverse,
  isZero,
  negated,
  product,
  type Rational,
  rational,
  sum,
} from './rational.js';
import {
  type Dimension,
  describeDimension,
  dimensionOf,
  PURE_NUMBER,
  powerOfDimension,
  timesDimension,
} from './units.js';

/** A dimension that may still hold unknowns, one for each bare number, with their powers. */
interface OpenDimension {
  readonly known: Dimension;
  readonly unknowns: ReadonlyMap<number, Rational>;
}

const closed = (known: Dimension): OpenDimension => ({ known, unknowns: new Map() });
const PURE = closed(PURE_NUMBER);

function timesPower(a: OpenDimension, b: OpenDimension, power: Rational): OpenDimension {
  const unknowns = new Map(a.unknowns);
  for (const [unknown, exponent] of b.unknowns) {
    const total = sum(unknowns.get(unknown) ?? rational(0), product(exponent, power));
    if (isZero(total)) unknowns.delete(unknown);
    else unknowns.set(unknown, total);
  }
  return { known: timesDimension(a.known, powerOfDimension(b.known, power)), unknowns };
}

/** A bare number and the unit that it was taken for. */
export interface AssumedUnit {
  readonly place: Place;
  readonly value: number;
  readonly unit: string;
}

/**
 * Infers and checks the units of formulas that belong together (Kennedy's units of measure, unification by
 * elimination): a bare number takes the unit that its place requires. Every method throws LanguageError where units
 * disagree.
 */
export class UnitInference {
  private readonly dimensions = new Map<string, OpenDimension>();
  private readonly solved = new Map<number, OpenDimension>();
  private readonly numbers: { readonly of: Expression & { kind: 'number' }; readonly is: OpenDimension }[] =
    [];
  private unknowns = 0;

  declare(name: string, dimension: Dimension): void {
    this.dimensions.set(name, closed(dimension));
  }

  /** Declares a name by its formula; its unit may stay open until it is used. */
  define(name: string, formula: Expression): void {
    this.dimensions.set(name, this.infer(formula));
  }

  /** Requires a formula to be in a unit; `what` names it in the error. */
  require(formula: Expression, dimension: Dimension, what: string): void {
    this.unify(this.infer(formula), closed(dimension), (is, expected) =>
      fail(formula, `${what} is in ${expected}; this formula is in ${is}${remedy(is, expected)}`),
    );
  }

  /**
   * After the last formula: the unit of every bare number. Where several would do, as in 0.1*(Ca_in/0.002)^4, the one that
   * leaves all numbers with units of rates. Throws where a number would need a unit that rates do not have.
   */
  close(): AssumedUnit[] {
    for (const { is } of this.numbers)
      for (const unknown of this.resolve(is).unknowns.keys()) this.choose(unknown);
    return this.numbers.map(({ of, is }) => {
      const { known } = this.resolve(is);
      const unit = describeDimension(known);
      if (!isUnitOfRates(known))
        fail(
          of,
          `"${sourceOf(of)}" would have to be in ${unit} for the units to agree; write its unit or correct the formula`,
        );
      return { place: of.place, value: of.value, unit };
    });
  }

  /** Gives an unknown that no formula fixes the simplest unit with which every number has a unit of rates. */
  private choose(unknown: number): void {
    const affected = this.numbers
      .map(({ is }) => this.resolve(is))
      .filter(({ unknowns }) => unknowns.has(unknown));
    const dimensionWith = (candidate: Dimension, { known, unknowns }: OpenDimension) =>
      timesDimension(known, powerOfDimension(candidate, unknowns.get(unknown) ?? rational(0)));
    const fitting = SIMPLE_UNITS.find((candidate) =>
      affected.every((open) => open.unknowns.size > 1 || isUnitOfRates(dimensionWith(candidate, open))),
    );
    this.solved.set(unknown, closed(fitting ?? PURE_NUMBER));
  }

  private open(): OpenDimension {
    return { known: PURE_NUMBER, unknowns: new Map([[this.unknowns++, rational(1)]]) };
  }

  private resolve({ known, unknowns }: OpenDimension): OpenDimension {
    let result = closed(known);
    for (const [unknown, power] of unknowns) {
      const solution = this.solved.get(unknown);
      const meant: OpenDimension = solution
        ? this.resolve(solution)
        : { known: PURE_NUMBER, unknowns: new Map([[unknown, rational(1)]]) };
      if (solution) this.solved.set(unknown, meant);
      result = timesPower(result, meant, power);
    }
    return result;
  }

  private unify(a: OpenDimension, b: OpenDimension, onDifference: (a: string, b: string) => void): void {
    const { known, unknowns } = this.resolve(timesPower(a, b, rational(-1)));
    const [first] = unknowns;
    if (first === undefined) {
      if (known.some((exponent) => !isZero(exponent))) onDifference(this.describe(a), this.describe(b));
      return;
    }
    const [unknown, power] = first;
    const rest = { known, unknowns: new Map([...unknowns].slice(1)) };
    this.solved.set(unknown, timesPower(PURE, rest, negated(inverse(power))));
  }

  private describe(dimension: OpenDimension): string {
    const { known, unknowns } = this.resolve(dimension);
    return describeDimension(known) + (unknowns.size > 0 ? ' times a unit that is still open' : '');
  }

  private requirePure(part: Expression, what: string): void {
    this.unify(this.infer(part), PURE, (is) =>
      fail(part, `${what} takes a pure number; "${sourceOf(part)}" is in ${is}`),
    );
  }

  private requireSame(whole: Expression, left: Expression, right: Expression): OpenDimension {
    const a = this.infer(left);
    this.unify(a, this.infer(right), (x, y) =>
      fail(whole, `"${sourceOf(left)}" is in ${x}, but "${sourceOf(right)}" is in ${y}`),
    );
    return a;
  }

  private infer(formula: Expression): OpenDimension {
    switch (formula.kind) {
      case 'number': {
        if (formula.unit) return closed(formula.unit.dimension);
        const is = this.open();
        // 0 has every unit.
        if (formula.value !== 0) this.numbers.push({ of: formula, is });
        return is;
      }
      case 'name': {
        const dimension = this.dimensions.get(formula.name);
        if (!dimension)
          return fail(
            formula,
            `nothing is called "${formula.name}"${didYouMean(formula.name, [...this.dimensions.keys()])}`,
          );
        return dimension;
      }
      case 'negative':
        return this.infer(formula.of);
      case 'not':
        this.infer(formula.of);
        return PURE;
      case 'choice':
        this.infer(formula.condition);
        return this.requireSame(formula, formula.yes, formula.no);
      case 'call':
        return this.inferCall(formula);
      case 'binary':
        return this.inferBinary(formula);
      default:
        return formula satisfies never;
    }
  }

  private inferBinary(formula: Expression & { kind: 'binary' }): OpenDimension {
    const { operator, left, right } = formula;
    switch (operator) {
      case '+':
      case '-':
        return this.requireSame(formula, left, right);
      case '*':
        return timesPower(this.infer(left), this.infer(right), rational(1));
      case '/':
        return timesPower(this.infer(left), this.infer(right), rational(-1));
      case '^': {
        const constant = constantOf(right);
        const power = constant === null ? null : asRational(constant);
        if (power) return timesPower(PURE, this.infer(left), power);
        this.requirePure(left, 'a power whose exponent is no simple fraction');
        if (constant === null) this.requirePure(right, 'an exponent');
        return PURE;
      }
      case '&&':
      case '||':
        this.infer(left);
        this.infer(right);
        return PURE;
      default:
        this.requireSame(formula, left, right);
        return PURE;
    }
  }

  private inferCall(call: Expression & { kind: 'call' }): OpenDimension {
    const { name, args } = call;
    if (!isFunction(name))
      return fail(call, `no function is called "${name}"${didYouMean(name, Object.keys(FUNCTIONS))}`);
    const { parameters, units } = FUNCTIONS[name];
    if (args.length !== parameters)
      fail(call, `${name} takes ${parameters} ${parameters === 1 ? 'value' : 'values'}; got ${args.length}`);
    if (units === 'root') return timesPower(PURE, this.infer(args[0]), rational(1, 2));
    if (units === 'same')
      return args.length === 1 ? this.infer(args[0]) : this.requireSame(call, args[0], args[1]);
    for (const part of args) this.requirePure(part, name);
    return PURE;
  }
}

/** Units that a number whose place leaves it open may have, the likeliest first. */
const SIMPLE_UNITS = ['1', 'mM', 'mV', 'ms', 'K', '1/ms', '1/mV', '1/mM', '1/K'].map(dimensionOf);

/** Papers leave out the factor 1 where an exponential has taken the place of a number that would carry the unit. */
function remedy(is: string, expected: string): string {
  if (is !== 'a pure number') return '';
  return `; if it is meant so, write 1${expected.startsWith('1/') ? expected.slice(1) : ` ${expected}`} * (...)`;
}

function fail({ place }: Expression, problem: string): never {
  throw new LanguageError(problem, place.text, place.start, place.end);
}

/** The value of a formula of numbers without units, such as the exponents -2 and (1/3); null for any other. */
export function constantOf(formula: Expression): number | null {
  if (formula.kind === 'number') return formula.unit ? null : formula.value;
  if (formula.kind === 'negative') {
    const of = constantOf(formula.of);
    return of === null ? null : -of;
  }
  if (formula.kind !== 'binary') return null;
  const [left, right] = [constantOf(formula.left), constantOf(formula.right)];
  if (left === null || right === null) return null;
  if (formula.operator === '/') return left / right;
  if (formula.operator === '*') return left * right;
  if (formula.operator === '+') return left + right;
  if (formula.operator === '-') return left - right;
  return null;
}

/** Powers from -1 to 1 of mV, ms, K and mM: all that the numbers of rate formulas have. Anything else hides a mistake. */
function isUnitOfRates(dimension: Dimension): boolean {
  const [mV, ms, uA, cm, umol, K] = dimension.map(asNumber);
  const isSmall = [mV, ms, umol, K].every((power) => Number.isInteger(power) && Math.abs(power) <= 1);
  return isSmall && uA === 0 && cm === -3 * umol;
}
