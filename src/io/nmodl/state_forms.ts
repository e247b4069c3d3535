import type { Expression } from '../../language/expression.js';
import { constantValue, isSame } from './formula_tools.js';
import { formulaOf, type Product, productOf, sumOf, termsOf } from './products.js';

/** How a state follows, in formulas of the file. */
export type FileStateForm =
  | { readonly kind: 'relaxing'; readonly inf: Expression; readonly tau: Expression }
  | { readonly kind: 'rates'; readonly alpha: Expression; readonly beta: Expression }
  | { readonly kind: 'rate'; readonly rate: Expression }
  | { readonly kind: 'is'; readonly is: Expression };

/** Whether a formula needs a variable, also through what it was set to. */
export type DependsOn = (formula: Expression, variable: string) => boolean;

/** The form of a derivative: (inf - x)/tau or alpha (1 - x) - beta x where it is written so, else a rate. */
export function formOfDerivative(rate: Expression, state: string, dependsOn: DependsOn): FileStateForm {
  const needs = (formula: Expression) => dependsOn(formula, state);
  return relaxing(rate, state, needs) ?? rates(rate, state, needs) ?? { kind: 'rate', rate };
}

/** A product with one factor that needs the state; null where it has several or one below the line. */
function around(formula: Expression, needs: (formula: Expression) => boolean) {
  const product = productOf(formula);
  const dependent = product.above.filter(needs);
  if (dependent.length !== 1 || product.below.some(needs)) return null;
  const [factor] = dependent;
  return { factor, rest: { ...product, above: product.above.filter((part) => part !== factor) } };
}

/** `inf - x` or `x - inf` as inf and its sign. */
export function distanceTo(formula: Expression, state: string, needs: (formula: Expression) => boolean) {
  const terms = termsOf(formula);
  const own = terms.filter((term) => term.formula.kind === 'name' && term.formula.name === state);
  const others = terms.filter((term) => !own.includes(term));
  if (own.length !== 1 || others.some((term) => needs(term.formula))) return null;
  const isFromState = !own[0].isNegative;
  const inf = sumOf(others.map((term) => ({ ...term, isNegative: term.isNegative !== isFromState })));
  return { inf, isFromState };
}

function relaxing(
  rate: Expression,
  state: string,
  needs: (formula: Expression) => boolean,
): FileStateForm | null {
  const found = around(rate, needs);
  const distance = found && distanceTo(found.factor, state, needs);
  if (!found || !distance || found.rest.isNegative !== distance.isFromState) return null;
  return { kind: 'relaxing', inf: distance.inf, tau: inverse(found.rest) };
}

const inverse = ({ above, below }: Product): Expression =>
  formulaOf({ isNegative: false, above: below, below: above });

function rates(
  rate: Expression,
  state: string,
  needs: (formula: Expression) => boolean,
): FileStateForm | null {
  const terms = termsOf(rate);
  if (terms.length !== 2) return null;
  let alpha: Expression | null = null;
  let beta: Expression | null = null;
  for (const { isNegative, formula } of terms) {
    const found = around(formula, needs);
    if (!found) return null;
    const { factor, rest } = found;
    const isLosing = isNegative !== rest.isNegative;
    const free = formulaOf({ ...rest, isNegative: false });
    if (factor.kind === 'name' && factor.name === state && isLosing) beta = free;
    else if (isRemainder(factor, state) && !isLosing) alpha = free;
    else return null;
  }
  return alpha && beta && { kind: 'rates', alpha, beta };
}

/** 1 - x */
const isRemainder = (formula: Expression, state: string): boolean =>
  formula.kind === 'binary' &&
  formula.operator === '-' &&
  formula.left.kind === 'number' &&
  formula.left.value === 1 &&
  formula.right.kind === 'name' &&
  formula.right.name === state;

/**
 * The form of a state that a file advances itself, from a step `dt` to the next: x + (1 - exp(-dt/tau)) (inf - x) and its
 * other spellings, or x + dt rate. `resolve` writes out what needs dt. Null where it is none of them.
 */
export function formOfUpdate(
  update: Expression,
  state: string,
  dependsOn: DependsOn,
  resolve: (formula: Expression) => Expression,
): FileStateForm | null {
  const needs = (formula: Expression) => dependsOn(formula, state);
  const resolved = resolve(update);
  if (!needs(resolved)) return dependsOn(resolved, 'dt') ? null : { kind: 'is', is: update };
  const terms = termsOf(resolved);
  const own = terms.find((term) => !term.isNegative && isState(term.formula, state));
  const others = terms.filter((term) => term !== own);
  if (own && others.length === 1) {
    const [{ isNegative, formula }] = others;
    const found = aroundDistance(formula, state, needs);
    if (found) {
      const sign = isNegative !== found.isNegative;
      const exponent = found.rest.length === 1 && found.below.length === 0 ? settled(found.rest[0]) : null;
      if (exponent && sign === found.isFromState) return relaxation(found.inf, exponent);
    }
  }
  if (own) return eulerRate(others);
  return decayed(terms, state, needs);
}

const isState = (formula: Expression, state: string): boolean =>
  formula.kind === 'name' && formula.name === state;

function aroundDistance(formula: Expression, state: string, needs: (formula: Expression) => boolean) {
  const found = around(formula, needs);
  const distance = found && distanceTo(found.factor, state, needs);
  if (!found || !distance) return null;
  return { ...distance, rest: found.rest.above, below: found.rest.below, isNegative: found.rest.isNegative };
}

/** The exponent of `1 - exp(exponent)`. */
function settled(formula: Expression): Expression | null {
  if (formula.kind !== 'binary' || formula.operator !== '-') return null;
  return constantValue(formula.left) === 1 ? exponentOf(formula.right) : null;
}

/** The exponent of an exponential, also of one that is 0 below some exponent, or times a number that is 1. */
function exponentOf(formula: Expression): Expression | null {
  if (formula.kind === 'call') return formula.name === 'exp' ? formula.args[0] : null;
  if (formula.kind === 'choice') {
    const { yes, no } = formula;
    return constantValue(yes) === 0 ? exponentOf(no) : constantValue(no) === 0 ? exponentOf(yes) : null;
  }
  const { isNegative, above, below } = productOf(formula);
  const factors = above.filter((factor) => constantValue(factor) !== 1);
  if (isNegative || factors.length !== 1 || factors[0] === formula) return null;
  return below.every((divisor) => constantValue(divisor) === 1) ? exponentOf(factors[0]) : null;
}

/** Relaxation to `inf` with exponent -dt/tau. */
function relaxation(inf: Expression, exponent: Expression): FileStateForm | null {
  const product = productOf(exponent);
  const steps = product.above.filter((factor) => factor.kind === 'name' && factor.name === 'dt');
  if (steps.length !== 1 || !product.isNegative) return null;
  const rest = { ...product, above: product.above.filter((factor) => factor !== steps[0]) };
  return { kind: 'relaxing', inf, tau: inverse(rest) };
}

/** x + dt (...): every other term has the factor dt. */
function eulerRate(
  terms: readonly { readonly isNegative: boolean; readonly formula: Expression }[],
): FileStateForm | null {
  const rates = terms.map(({ isNegative, formula }) => {
    const product = productOf(formula);
    const step = product.above.find((factor) => factor.kind === 'name' && factor.name === 'dt');
    if (!step) return null;
    return { isNegative, formula: formulaOf({ ...product, above: product.above.filter((f) => f !== step) }) };
  });
  if (rates.length === 0 || rates.includes(null)) return null;
  return { kind: 'rate', rate: sumOf(rates.filter((rate) => rate !== null)) };
}

/** inf + (x - inf) exp(-dt/tau), or inf - (inf - x) exp(-dt/tau). */
function decayed(
  terms: readonly { readonly isNegative: boolean; readonly formula: Expression }[],
  state: string,
  needs: (formula: Expression) => boolean,
): FileStateForm | null {
  const moving = terms.filter((term) => needs(term.formula));
  if (moving.length !== 1) return null;
  const inf = sumOf(terms.filter((term) => !moving.includes(term)));
  const found = aroundDistance(moving[0].formula, state, needs);
  if (found?.rest.length !== 1 || found.below.length > 0) return null;
  const [exponential] = found.rest;
  const isPositive = (moving[0].isNegative !== found.isNegative) !== found.isFromState;
  if (!isPositive || !isSame(found.inf, inf)) return null;
  return exponential.kind === 'call' && exponential.name === 'exp'
    ? relaxation(inf, exponential.args[0])
    : null;
}
