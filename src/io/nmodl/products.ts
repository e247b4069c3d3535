import type { Expression } from '../../language/expression.js';
import { minus, number, over, plus, times } from '../../mechanism/formulas.js';

/** A formula as sign * numerators / denominators, as it is written. */
export interface Product {
  readonly isNegative: boolean;
  readonly above: readonly Expression[];
  readonly below: readonly Expression[];
}

export function productOf(formula: Expression): Product {
  if (formula.kind === 'negative') {
    const inner = productOf(formula.of);
    return { ...inner, isNegative: !inner.isNegative };
  }
  if (formula.kind !== 'binary' || (formula.operator !== '*' && formula.operator !== '/'))
    return { isNegative: false, above: [formula], below: [] };
  const [left, right] = [productOf(formula.left), productOf(formula.right)];
  const isNegative = left.isNegative !== right.isNegative;
  return formula.operator === '*'
    ? { isNegative, above: [...left.above, ...right.above], below: [...left.below, ...right.below] }
    : { isNegative, above: [...left.above, ...right.below], below: [...left.below, ...right.above] };
}

/** The formula of a product; 1 where nothing is left. */
export function formulaOf({ isNegative, above, below }: Product): Expression {
  const isOne = (formula: Expression) =>
    formula.kind === 'number' && formula.value === 1 && formula.unit === null;
  const factors = above.filter((factor) => !isOne(factor));
  const divisors = below.filter((divisor) => !isOne(divisor));
  const numerator = factors.length > 0 ? factors.reduce(times) : number(1);
  const quotient = divisors.length > 0 ? over(numerator, divisors.reduce(times)) : numerator;
  return isNegative ? { kind: 'negative', of: quotient, place: quotient.place } : quotient;
}

export interface Term {
  readonly isNegative: boolean;
  readonly formula: Expression;
}

/** The terms of a sum, as it is written. */
export function termsOf(formula: Expression, isNegative = false): Term[] {
  if (formula.kind === 'negative') return termsOf(formula.of, !isNegative);
  if (formula.kind === 'binary' && (formula.operator === '+' || formula.operator === '-'))
    return [
      ...termsOf(formula.left, isNegative),
      ...termsOf(formula.right, isNegative !== (formula.operator === '-')),
    ];
  return [{ isNegative, formula }];
}

/** The formula of a sum; 0 where nothing is left. */
export function sumOf(terms: readonly Term[]): Expression {
  const [first, ...others] = [...terms].sort((a, b) => Number(a.isNegative) - Number(b.isNegative));
  if (!first) return number(0);
  const begin: Expression = first.isNegative
    ? { kind: 'negative', of: first.formula, place: first.formula.place }
    : first.formula;
  return others.reduce(
    (sum, { isNegative, formula }) => (isNegative ? minus(sum, formula) : plus(sum, formula)),
    begin,
  );
}
