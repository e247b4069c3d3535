import { type Expression, withParts } from '../../language/expression.js';
import { constantOf } from '../../language/infer_units.js';
import { asRational } from '../../language/rational.js';
import {
  NO_UNIT,
  powerOf,
  powerOfDimension,
  type Quantity,
  times as timesUnit,
} from '../../language/units.js';
import { number, over, times } from '../../mechanism/formulas.js';
import { NOWHERE } from './formula_tools.js';

/**
 * NMODL computes with the numbers that its variables have in their own units, mechanisms with numbers in coherent units.
 * A formula that is right for the ones becomes right for the others when factors such as (1e-4) are changed by the sizes of
 * the units: `(1e-4)*gbar` in pS/um2 for a current in mA/cm2 is just `gbar`.
 */
export interface Coherent {
  readonly formula: Expression;
  /** Its unit, bare numbers taken for pure ones; the scale is the coherent value over the value in NMODL. */
  readonly unit: Quantity;
}

/** The units of names. */
export type UnitOf = (name: string) => Quantity;

/** The formula for coherent values; `want` is the scale that it should get. */
export function coherent(formula: Expression, unitOf: UnitOf, want: number | null): Coherent {
  const result = converted(formula, unitOf, want);
  const scale = want ?? (isPure(result.unit) ? 1 : result.unit.scale);
  return isClose(result.unit.scale, scale) ? result : rescaled(result, scale);
}

const isClose = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-9;

/** A factor brings the formula to a scale; a power of ten that stands in it anyway takes it up. */
function rescaled({ formula, unit }: Coherent, want: number): Coherent {
  const scaled = { ...unit, scale: want };
  if (formula.kind === 'number' && formula.value === 0) return { formula, unit: scaled };
  const factor = Number((want / unit.scale).toPrecision(12));
  return { formula: absorb(formula, factor) ?? times(number(factor), formula), unit: scaled };
}

const isPowerOfTen = (value: number): boolean =>
  value > 0 && isClose(10 ** Math.round(Math.log10(value)), value);
const isOne = (formula: Expression): boolean =>
  formula.kind === 'number' && formula.value === 1 && !formula.unit;

/** The formula times a factor that a power of ten within it takes up; null where there is none. */
function absorb(formula: Expression, factor: number): Expression | null {
  if (formula.kind === 'number') {
    if (formula.unit || !isPowerOfTen(formula.value) || formula.value === 1) return null;
    return number(Number((formula.value * factor).toPrecision(12)));
  }
  if (formula.kind === 'negative') {
    const of = absorb(formula.of, factor);
    return of && { ...formula, of };
  }
  if (formula.kind !== 'binary') return null;
  const { operator, left, right } = formula;
  if (operator === '*') {
    const first = absorb(left, factor);
    if (first?.kind === 'negative' && isOne(first.of)) return { ...first, of: right };
    if (first) return isOne(first) ? right : { ...formula, left: first };
    const second = absorb(right, factor);
    return second && (isOne(second) ? left : { ...formula, right: second });
  }
  if (operator !== '/') return null;
  const above = absorb(left, factor);
  if (above) return { ...formula, left: above };
  const below = absorb(right, 1 / factor);
  return below && (isOne(below) ? left : { ...formula, right: below });
}

function converted(formula: Expression, unitOf: UnitOf, want: number | null): Coherent {
  const pure = (part: Expression) => coherent(part, unitOf, 1).formula;
  switch (formula.kind) {
    case 'number': {
      const { unit } = formula;
      return unit
        ? { formula: { ...formula, value: formula.value * unit.scale }, unit }
        : { formula, unit: NO_UNIT };
    }
    case 'name':
      return { formula, unit: unitOf(formula.name) };
    case 'negative': {
      const of = coherent(formula.of, unitOf, want);
      return { formula: { ...formula, of: of.formula }, unit: of.unit };
    }
    case 'not':
      return { formula: { ...formula, of: coherent(formula.of, unitOf, null).formula }, unit: NO_UNIT };
    case 'choice': {
      const condition = coherent(formula.condition, unitOf, null).formula;
      const [yes, no] = alike(formula.yes, formula.no, unitOf, want);
      return { formula: { ...formula, condition, yes: yes.formula, no: no.formula }, unit: yes.unit };
    }
    case 'call':
      return (
        convertedCall(formula, unitOf, want) ?? {
          formula: { ...formula, args: formula.args.map(pure) },
          unit: NO_UNIT,
        }
      );
    case 'binary':
      return convertedBinary(formula, unitOf, want);
    default:
      return formula satisfies never;
  }
}

/** A function that takes and gives values with units; null for one of pure numbers. */
function convertedCall(
  formula: Expression & { kind: 'call' },
  unitOf: UnitOf,
  want: number | null,
): Coherent | null {
  const [first, second] = formula.args;
  switch (formula.name) {
    case 'sqrt': {
      const { formula: of, unit } = coherent(first, unitOf, want === null ? null : want ** 2);
      const half = asRational(0.5)!;
      return {
        formula: { ...formula, args: [of] },
        unit: { scale: Math.sqrt(unit.scale), dimension: powerOfDimension(unit.dimension, half) },
      };
    }
    case 'abs': {
      const of = coherent(first, unitOf, want);
      return { formula: { ...formula, args: [of.formula] }, unit: of.unit };
    }
    case 'min':
    case 'max': {
      const [a, b] = alike(first, second, unitOf, want);
      return { formula: { ...formula, args: [a.formula, b.formula] }, unit: a.unit };
    }
    default:
      return null;
  }
}

function convertedBinary(
  formula: Expression & { kind: 'binary' },
  unitOf: UnitOf,
  want: number | null,
): Coherent {
  const { operator, left, right } = formula;
  const withSides = ([a, b]: readonly [Coherent, Coherent], unit: Quantity): Coherent => ({
    formula: { ...formula, left: a.formula, right: b.formula },
    unit,
  });
  switch (operator) {
    case '+':
    case '-': {
      const sides = alike(left, right, unitOf, want);
      return withSides(sides, sides[0].unit);
    }
    case '*':
    case '/': {
      const sides = [converted(left, unitOf, null), converted(right, unitOf, null)] as const;
      const [a, b] = sides;
      return withSides(sides, timesUnit(a.unit, operator === '*' ? b.unit : powerOf(b.unit, -1)));
    }
    case '^': {
      const constant = constantOf(right);
      const power = constant === null ? null : asRational(constant);
      if (power === null || constant === null) {
        const sides = [coherent(left, unitOf, 1), coherent(right, unitOf, 1)] as const;
        return withSides(sides, NO_UNIT);
      }
      const base = converted(left, unitOf, null);
      const dimension = powerOfDimension(base.unit.dimension, power);
      const scale = base.unit.scale ** constant;
      return withSides([base, { formula: right, unit: NO_UNIT }], { dimension, scale });
    }
    case '&&':
    case '||':
      return withSides([coherent(left, unitOf, null), coherent(right, unitOf, null)], NO_UNIT);
    default:
      return withSides(alike(left, right, unitOf, null), NO_UNIT);
  }
}

/** Two formulas at one scale: the wanted one, else that of the side that is no bare number. */
function alike(
  left: Expression,
  right: Expression,
  unitOf: UnitOf,
  want: number | null,
): readonly [Coherent, Coherent] {
  if (want !== null) return [coherent(left, unitOf, want), coherent(right, unitOf, want)];
  const [a, b] = [coherent(left, unitOf, null), coherent(right, unitOf, null)];
  if (isClose(a.unit.scale, b.unit.scale))
    return constantOf(left) === null ? [a, b] : [{ ...a, unit: b.unit }, b];
  return constantOf(left) === null
    ? [a, rescaled(b, a.unit.scale)]
    : [{ ...rescaled(a, b.unit.scale), unit: b.unit }, b];
}

/** The formula with pure numbers only: each name divided by its unit. */
export function unitFree(formula: Expression, unitOf: (name: string) => Quantity | null): Expression {
  if (formula.kind === 'number') return formula.unit ? { ...formula, unit: null } : formula;
  if (formula.kind === 'name') {
    const unit = unitOf(formula.name);
    return unit ? over(formula, oneOf(unit)) : formula;
  }
  return withParts(formula, (part) => unitFree(part, unitOf));
}

/** 1 in a unit. */
export const oneOf = (unit: Quantity): Expression => ({
  kind: 'number',
  value: unit.scale,
  unit,
  place: NOWHERE,
});

export const isPure = ({ dimension }: Quantity): boolean =>
  dimension.every(({ numerator }) => numerator === 0);
