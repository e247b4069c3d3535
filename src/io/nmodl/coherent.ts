import type { Expression } from '../../language/expression.js';
import { constantOf } from '../../language/infer_units.js';
import { NO_UNIT, type Quantity } from '../../language/units.js';
import { number, over, times } from '../../mechanism/formulas.js';
import { withParts } from './formula_tools.js';

/**
 * NMODL computes with the numbers that its variables have in their own units, mechanisms with numbers in coherent units.
 * A formula that is right for the ones becomes right for the others when factors such as (1e-4) are changed by the sizes of
 * the units: `(1e-4)*gbar` in pS/um2 for a current in mA/cm2 is just `gbar`.
 */
export interface Coherent {
  readonly formula: Expression;
  /** Coherent value of the formula over its value in NMODL. */
  readonly scale: number;
}

/** Sizes of the units of names. */
export type ScaleOf = (name: string) => number;

const isClose = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-9;

/** The formula for coherent values; `want` is the scale that it should get. */
export function coherent(formula: Expression, scaleOf: ScaleOf, want: number | null): Coherent {
  const result = converted(formula, scaleOf, want);
  return want === null || isClose(result.scale, want) ? result : rescaled(result, want);
}

/** A factor brings the formula to a scale; a power of ten that stands in it anyway takes it up. */
function rescaled({ formula, scale }: Coherent, want: number): Coherent {
  const factor = Number((want / scale).toPrecision(12));
  if (formula.kind === 'number' && formula.value === 0) return { formula, scale: want };
  const absorbed = absorb(formula, factor);
  return { formula: absorbed ?? times(number(factor), formula), scale: want };
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

function converted(formula: Expression, scaleOf: ScaleOf, want: number | null): Coherent {
  const pure = (part: Expression) => coherent(part, scaleOf, 1).formula;
  switch (formula.kind) {
    case 'number': {
      const scale = formula.unit?.scale ?? 1;
      return { formula: formula.unit ? { ...formula, value: formula.value * scale } : formula, scale };
    }
    case 'name':
      return { formula, scale: scaleOf(formula.name) };
    case 'negative': {
      const of = coherent(formula.of, scaleOf, want);
      return { formula: { ...formula, of: of.formula }, scale: of.scale };
    }
    case 'not':
      return { formula: { ...formula, of: converted(formula.of, scaleOf, null).formula }, scale: 1 };
    case 'choice': {
      const condition = converted(formula.condition, scaleOf, null).formula;
      const [yes, no] = alike(formula.yes, formula.no, scaleOf, want);
      return { formula: { ...formula, condition, yes: yes.formula, no: no.formula }, scale: yes.scale };
    }
    case 'call': {
      if (formula.name === 'sqrt') {
        const of = coherent(formula.args[0], scaleOf, want === null ? null : want ** 2);
        return { formula: { ...formula, args: [of.formula] }, scale: Math.sqrt(of.scale) };
      }
      if (formula.name === 'abs') {
        const of = coherent(formula.args[0], scaleOf, want);
        return { formula: { ...formula, args: [of.formula] }, scale: of.scale };
      }
      if (formula.name === 'min' || formula.name === 'max') {
        const [a, b] = alike(formula.args[0], formula.args[1], scaleOf, want);
        return { formula: { ...formula, args: [a.formula, b.formula] }, scale: a.scale };
      }
      return { formula: { ...formula, args: formula.args.map(pure) }, scale: 1 };
    }
    case 'binary':
      return convertedBinary(formula, scaleOf, want);
    default:
      return formula satisfies never;
  }
}

function convertedBinary(
  formula: Expression & { kind: 'binary' },
  scaleOf: ScaleOf,
  want: number | null,
): Coherent {
  const { operator, left, right } = formula;
  switch (operator) {
    case '+':
    case '-': {
      const [a, b] = alike(left, right, scaleOf, want);
      return { formula: { ...formula, left: a.formula, right: b.formula }, scale: a.scale };
    }
    case '*':
    case '/': {
      const [a, b] = [converted(left, scaleOf, null), converted(right, scaleOf, null)];
      const scale = operator === '*' ? a.scale * b.scale : a.scale / b.scale;
      return { formula: { ...formula, left: a.formula, right: b.formula }, scale };
    }
    case '^': {
      const power = constantOf(right);
      const base = coherent(left, scaleOf, power === null ? 1 : null);
      const exponent = power === null ? coherent(right, scaleOf, 1).formula : right;
      return {
        formula: { ...formula, left: base.formula, right: exponent },
        scale: base.scale ** (power ?? 1),
      };
    }
    case '&&':
    case '||': {
      const [a, b] = [converted(left, scaleOf, null), converted(right, scaleOf, null)];
      return { formula: { ...formula, left: a.formula, right: b.formula }, scale: 1 };
    }
    default: {
      const [a, b] = alike(left, right, scaleOf, null);
      return { formula: { ...formula, left: a.formula, right: b.formula }, scale: 1 };
    }
  }
}

/** Two formulas at one scale: the wanted one, else that of the side that is no bare number. */
function alike(
  left: Expression,
  right: Expression,
  scaleOf: ScaleOf,
  want: number | null,
): readonly [Coherent, Coherent] {
  if (want !== null) return [coherent(left, scaleOf, want), coherent(right, scaleOf, want)];
  const [a, b] = [converted(left, scaleOf, null), converted(right, scaleOf, null)];
  if (isClose(a.scale, b.scale)) return [a, b];
  return constantOf(left) === null ? [a, rescaled(b, a.scale)] : [rescaled(a, b.scale), b];
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
  place: { text: '', start: 0, end: 0 },
});

export const isPure = ({ dimension }: Quantity): boolean =>
  dimension.every((power, i) => power.numerator === NO_UNIT.dimension[i].numerator);
